import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { unreadable } from '../support/contracts/can-read.js';
import { changedConstants } from '../support/contracts/constants.js';
import type { Shape } from '../support/contracts/shape.js';

describe('a change of a contract', () => {
  const released: Shape = {
    a: 'string',
    b: '? "x" | "y"',
    c: 'object',
    'c.d': 'number',
    e: '= object',
    'e[]': 'string',
  };

  it.each([
    ['is fine: one more member, which may be absent', { ...released, f: '? string' }, [], []],
    ['is fine: a reader that needs less', { ...released, a: '= string' }, [], []],
    ['breaks: a new member that is required', { ...released, f: 'string' }, ['f: is required, and not written'], []],
    [
      'breaks: a member that is not always written',
      { ...released, a: '? string' },
      [],
      ['a: is required, and not always written'],
    ],
    [
      'breaks: a member with another type',
      { ...released, 'c.d': 'string' },
      ['c.d: number where only string is known'],
      ['c.d: string where only number is known'],
    ],
    ['breaks: a new value', { ...released, b: '? "x" | "y" | "z"' }, [], ['b: "z" where only "x", "y" is known']],
    ['breaks: a value that is gone', { ...released, b: '? "x"' }, ['b: "y" where only "x" is known'], []],
  ] satisfies [string, Shape, string[], string[]][])('%s', (_what, today, byToday, byReleased) => {
    verifies('upgrade.contracts-compatible');
    expect(unreadable(released, today)).toEqual(byToday);
    expect(unreadable(today, released)).toEqual(byReleased);
  });

  it('of a constant is found, and an addition is none', () => {
    const constants = { names: { a: 'x' }, list: ['p'] };
    expect(changedConstants(constants, { names: { a: 'x', b: 'y' }, list: ['p', 'q'] })).toEqual([]);
    expect(changedConstants(constants, { names: { b: 'x' }, list: ['q'] })).toEqual([
      'names.a: is undefined, was "x"',
      'list: p is gone',
    ]);
  });
});
