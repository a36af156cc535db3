import { expect, it } from 'vitest';
import { changedFields, mergeFields } from './three-way.js';

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
