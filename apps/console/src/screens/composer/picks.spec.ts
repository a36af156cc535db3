import { describe, expect, it } from 'vitest';
import { describePick, forget, leaveOut, takeIn, tidyRule } from './picks.js';

const search = { gateway: 'wiki', kind: 'tool', name: 'search' } as const;
const write = { gateway: 'wiki', kind: 'tool', name: 'write' } as const;
const byRule = (): boolean => true;
const byNone = (): boolean => false;

describe('items that are taken in', () => {
  it('are listed unless a rule takes them', () => {
    expect(takeIn([], [search, write], byNone)).toEqual([search, write]);
    expect(takeIn([], [search], byRule)).toEqual([]);
  });

  it('are switched on again with all that was said of them', () => {
    expect(takeIn([{ ...search, as: 'find', enabled: false }], [search], byRule)).toEqual([{ ...search, as: 'find' }]);
    expect(takeIn([{ ...search, enabled: false }], [search], byRule)).toEqual([]);
    expect(takeIn([{ ...search, enabled: false }], [search], byNone)).toEqual([search]);
  });
});

describe('items that are left out', () => {
  it('are switched off where a rule would take them', () => {
    expect(leaveOut([], [search], byRule)).toEqual([{ ...search, enabled: false }]);
    expect(leaveOut([search], [search], byRule)).toEqual([{ ...search, enabled: false }]);
  });

  it('are taken off the list where nothing is said of them, and keep their names otherwise', () => {
    expect(leaveOut([search, write], [search], byNone)).toEqual([write]);
    expect(leaveOut([{ ...search, as: 'find' }], [search], byNone)).toEqual([
      { ...search, as: 'find', enabled: false },
    ]);
  });
});

describe('what is said of an item', () => {
  it('stays at its place in the list', () => {
    expect(describePick([search, write], search, { as: 'find' }, byNone)).toEqual([{ ...search, as: 'find' }, write]);
  });

  it('goes when nothing is left of it and a rule takes the item', () => {
    expect(describePick([{ ...search, as: 'find' }], search, { as: undefined }, byRule)).toEqual([]);
    expect(describePick([{ ...search, as: 'find' }], search, { as: undefined }, byNone)).toEqual([search]);
    expect(forget([{ ...search, enabled: false }, write], search)).toEqual([write]);
  });
});

it('sends no member of a rule that says nothing', () => {
  expect(tidyRule({ gateway: '', gatewayTags: ['docs'], kinds: [], names: [], tags: [], annotations: {} })).toEqual({
    gatewayTags: ['docs'],
  });
});
