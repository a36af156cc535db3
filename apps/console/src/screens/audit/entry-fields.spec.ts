import { describe, expect, it } from 'vitest';
import { entryFields } from './entry-fields.js';

describe('fields of an entry', () => {
  it('tells those that changed from those that did not', () => {
    const { changed, same } = entryFields({
      before: { name: 'a', tags: ['x'], limits: { perMinute: 1 } },
      after: { name: 'b', tags: ['x'], limits: { perMinute: 2 } },
    });
    expect(changed.map(({ name, before, after }) => [name, before, after])).toEqual([
      ['name', 'a', 'b'],
      ['limits', '{\n  "perMinute": 1\n}', '{\n  "perMinute": 2\n}'],
    ]);
    expect(same.map(({ name }) => name)).toEqual(['tags']);
  });

  it('has all fields of what is new or removed, and none that is not there', () => {
    expect(entryFields({ before: null, after: { name: 'a' } }).changed).toEqual([
      { name: 'name', before: undefined, after: 'a', isChanged: true },
    ]);
    expect(entryFields({ before: { name: 'a' }, after: null }).changed).toEqual([
      { name: 'name', before: 'a', after: undefined, isChanged: true },
    ]);
    expect(entryFields({ before: null, after: null })).toEqual({ changed: [], same: [] });
  });

  it('does not take a null for a field that is not there', () => {
    expect(entryFields({ before: { expiresAt: null }, after: {} }).changed).toEqual([
      { name: 'expiresAt', before: 'null', after: undefined, isChanged: true },
    ]);
  });
});
