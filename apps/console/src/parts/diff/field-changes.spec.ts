import { describe, expect, it } from 'vitest';
import type { Change } from '../../api/reviews.js';
import { fieldChanges, valueAt } from './field-changes.js';

const change = (parts: Partial<Change>): Change => ({
  ...{ kind: 'tool', name: 'send', change: 'changed', status: 'pending', changes: [], hidden: [] },
  ...parts,
});

describe('fieldChanges', () => {
  it('has both values of what differs, by the path in the definition', () => {
    const fields = fieldChanges(
      change({
        changes: ['/definition/inputSchema/properties/a~1b/type', '/needs'],
        before: { definition: { inputSchema: { properties: { 'a/b': { type: 'string' } } } } },
        after: { definition: { inputSchema: { properties: { 'a/b': { type: 'number' } } } }, needs: ['roots'] },
      }),
    );
    expect(fields.map(({ path, before, after }) => [path.join(' '), before, after])).toEqual([
      ['inputSchema properties a/b type', 'string', 'number'],
      ['needs', undefined, ['roots']],
    ]);
  });

  it('has each member of what was added or removed', () => {
    const definition = { name: 'send', description: 'Sends' };
    const added = fieldChanges(change({ change: 'added', after: { definition, onlyIn: 'legacy' } }));
    expect(added.map(({ path, after }) => [path.join(' '), after])).toEqual([
      ['name', 'send'],
      ['description', 'Sends'],
      ['onlyIn', 'legacy'],
    ]);
    const removed = fieldChanges(change({ change: 'removed', before: { definition } }));
    expect(removed.map(({ before, after }) => [before, after])).toEqual([
      ['send', undefined],
      ['Sends', undefined],
    ]);
  });

  it('tells a change once that both eras have alike, and twice when they differ', () => {
    const both = { changes: ['/definition/title', '/legacyDefinition/title'] };
    const content = (title: string, legacy: string) => ({ definition: { title }, legacyDefinition: { title: legacy } });
    const alike = fieldChanges(change({ ...both, before: content('a', 'a'), after: content('b', 'b') }));
    expect(alike.map(({ path, isInBothEras }) => [path.join(' '), isInBothEras])).toEqual([['title', true]]);
    const unlike = fieldChanges(change({ ...both, before: content('a', 'a'), after: content('b', 'c') }));
    expect(unlike.map(({ path, isInBothEras }) => [path.join(' '), isInBothEras])).toEqual([
      ['title', false],
      ['legacyDefinition title', false],
    ]);
  });

  it('finds no value of an object that every object has', () => {
    expect(valueAt({ definition: {} }, '/definition/constructor')).toBeUndefined();
    expect(valueAt({ a: null }, '/a/b')).toBeUndefined();
    expect(valueAt(JSON.parse('{"__proto__":{"x":1}}'), '/__proto__/x')).toBe(1);
  });
});
