import { describe, expect, it } from 'vitest';
import { entryFields } from './entry-fields.js';

describe('fields of an entry', () => {
  it('tells those that changed from those that did not, a long value in lines', () => {
    const { changed, same } = entryFields({
      before: { name: 'a', tags: ['x'], limits: { perMinute: 1, why: 'few' } },
      after: { name: 'b', tags: ['x'], limits: { perMinute: 2, why: 'so that a model waits' } },
    });
    expect(changed.map(({ name, before, after }) => [name, before, after])).toEqual([
      ['name', 'a', 'b'],
      ['limits', '{"perMinute":1,"why":"few"}', '{\n  "perMinute": 2,\n  "why": "so that a model waits"\n}'],
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
