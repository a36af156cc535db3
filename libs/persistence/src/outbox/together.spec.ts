import { describe, expect, it } from 'vitest';
import { togetherOf } from './together.js';

const groupsOf = (rows: string, atMost = 3): string[] => {
  const split = rows.split(' ').map((row) => ({ bucket: row.slice(0, 1), key: row.slice(1) }));
  return togetherOf(split, atMost).map((group) => group.map(({ bucket, key }) => bucket + key).join(' '));
};

describe('rows that are sent together', () => {
  it('are of one bucket with different keys, after a first one alone, and keep their order', () => {
    expect(groupsOf('a1 a2 a3 b1 b2 b3 b4 a1')).toEqual(['a1', 'a2 a3', 'b1 b2 b3', 'b4', 'a1']);
  });

  it('never have two values of one key', () => {
    expect(groupsOf('a1 a1 a2 a1 a1', 9)).toEqual(['a1', 'a1 a2', 'a1', 'a1']);
    expect(togetherOf([], 3)).toEqual([]);
  });
});
