import { describe, expect, it } from 'vitest';
import { hasFewStars, nameMatcher } from './name-globs.js';

describe('globs over names', () => {
  it.each([
    ['*', 'repo://a/b', true],
    ['', '', true],
    ['', 'a', false],
    ['issues.*', 'issues.list', true],
    ['issues.*', 'issues', false],
    ['*.list', 'issues.list', true],
    ['*.list', 'issues.lists', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['*ab', 'aab', true],
    ['a*bc*bc', 'abcxbcbc', true],
    ['get_?', 'get_1', true],
    ['get_?', 'get_', false],
    ['get_?', 'get_\u{1f600}', true],
    [String.raw`\*`, '*', true],
    [String.raw`\*`, 'a', false],
    [String.raw`a\?`, 'a?', true],
    [String.raw`a\\*`, String.raw`a\b`, true],
    ['a\\', 'a\\', true],
    ['file:///{path}', 'file:///{path}', true],
    ['[ab]', 'a', false],
    ['!a', 'b', false],
    ['.*', 'ab', false],
  ])('%s over %s: %s', (glob, name, isMatch) => {
    expect(nameMatcher([glob])(name)).toBe(isMatch);
    expect(nameMatcher(['no such name', glob])(name)).toBe(isMatch);
  });

  it('count stars, except escaped ones', () => {
    expect(hasFewStars('*'.repeat(8))).toBe(true);
    expect(hasFewStars('*'.repeat(9))).toBe(false);
    expect(hasFewStars(String.raw`\*`.repeat(9))).toBe(true);
  });

  it('take no long time, whatever glob and name are', () => {
    const names = Array.from({ length: 100 }, () => 'a'.repeat(2_000));
    const globs = ['*a'.repeat(99) + 'b', `*${'a'.repeat(198)}b`, `${'*a?'.repeat(66)}b`, `${'*?'.repeat(99)}b`];
    const begin = performance.now();
    expect(names.some(nameMatcher(globs))).toBe(false);
    // 160 million steps at most; a regular expression for the first glob needs years.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
