import { describe, expect, it } from 'vitest';
import { changedPointers } from './changed-pointers.js';

describe('pointers to what differs', () => {
  it('are the deepest that tell it', () => {
    const before = {
      definition: { description: 'a', inputSchema: { required: ['x'], properties: { 'a/b~': 1 } }, gone: 1 },
    };
    const after = {
      definition: {
        description: 'b',
        inputSchema: { required: ['x', 'y'], properties: { 'a/b~': 2 } },
        annotations: {},
      },
    };
    expect(changedPointers(before, after).sort()).toEqual([
      '/definition/annotations',
      '/definition/description',
      '/definition/gone',
      '/definition/inputSchema/properties/a~1b~0',
      '/definition/inputSchema/required/1',
    ]);
  });

  it('name a value whose type changes as a whole, and nothing that only moved', () => {
    expect(changedPointers({ a: ['x'] }, { a: { 0: 'x' } })).toEqual(['/a']);
    expect(changedPointers({ a: 'x' }, { a: null })).toEqual(['/a']);
    expect(changedPointers('x', 'y')).toEqual(['']);
    expect(changedPointers({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
  });

  it('are bounded in number', () => {
    const of = (value: number) => Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`m${n}`, value]));
    expect(changedPointers(of(1), of(2))).toHaveLength(100);
  });
});
