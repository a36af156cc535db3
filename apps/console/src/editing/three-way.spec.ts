import { describe, expect, it } from 'vitest';
import { changedFields, joinLists, mergeFields } from './three-way.js';

const BASE = { name: 'a', tags: ['x'], limit: 1 };

it('keeps what only I changed, and takes over what only they changed', () => {
  const merge = mergeFields(BASE, { ...BASE, name: 'mine' }, { ...BASE, tags: ['x', 'y'] });
  expect(merge).toEqual({ merged: { name: 'mine', tags: ['x', 'y'], limit: 1 }, taken: ['tags'], clashes: [] });
});

it('asks about a field that both changed to different values, and keeps mine until then', () => {
  const merge = mergeFields(BASE, { ...BASE, limit: 2 }, { ...BASE, limit: 3 });
  expect(merge).toEqual({
    merged: { ...BASE, limit: 2 },
    taken: [],
    clashes: [{ field: 'limit', mine: 2, theirs: 3 }],
  });
});

it('does not ask about the same change', () => {
  const same = { ...BASE, name: 'b' };
  expect(mergeFields(BASE, same, same)).toEqual({ merged: same, taken: [], clashes: [] });
});

it('saves changed fields only', () => {
  expect(changedFields(BASE, { ...BASE, tags: ['z'] })).toEqual({ tags: ['z'] });
  expect(changedFields(BASE, { ...BASE, tags: ['x'] })).toEqual({});
});

describe('lists that are joined entry by entry', () => {
  const entry = (key: string, value: number) => ({ key, value });
  const base = { list: [entry('a', 1), entry('b', 1), entry('c', 1)] };
  const joins = { list: joinLists(({ key }: { key: string; value: number }) => key) };

  it('lose nothing of two changes of different entries, and ask about nothing', () => {
    const mine = { list: [entry('a', 2), entry('b', 1), entry('c', 1), entry('mine', 1)] };
    const theirs = { list: [entry('a', 1), entry('b', 3), entry('theirs', 1)] };
    const merge = mergeFields(base, mine, theirs, joins);
    expect(merge.clashes).toEqual([]);
    expect(merge.taken).toEqual(['list']);
    expect(merge.merged.list.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      entry('a', 2),
      entry('b', 3),
      entry('mine', 1),
      entry('theirs', 1),
    ]);
  });

  it('ask about an entry that both changed, with all other changes on both sides', () => {
    const mine = { list: [entry('a', 2), entry('b', 2), entry('c', 1)] };
    const theirs = { list: [entry('a', 3), entry('b', 1)] };
    expect(mergeFields(base, mine, theirs, joins).clashes).toEqual([
      { field: 'list', mine: [entry('a', 2), entry('b', 2)], theirs: [entry('a', 3), entry('b', 2)] },
    ]);
  });
});
