import { describe, expect, it } from 'vitest';
import { matchesSubject } from './subject-match.js';

describe('matchesSubject', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['a.b', 'a.b.c', false],
    ['a.b.c', 'a.b', false],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a.b.b.c', false],
    ['a.*', 'a', false],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['>', 'a', true],
  ])('%s and %s: %s', (pattern, subject, isMatch) => {
    expect(matchesSubject(pattern, subject)).toBe(isMatch);
  });
});
