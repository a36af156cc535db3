import { describe, expect, it } from 'vitest';
import { freeSlug, isSlug, slugify } from './slugs.js';

describe('a slug', () => {
  it.each(['a', 'github', 'git-hub-2', '0', 'a'.repeat(24)])('is %s', (slug) => {
    expect(isSlug(slug)).toBe(true);
  });

  it.each(['', '-a', 'a-', 'a--b', 'A', 'a_b', 'a.b', 'a\n', 'a'.repeat(25), 'ä'])('is not %o', (slug) => {
    expect(isSlug(slug)).toBe(false);
  });

  it.each([
    ['GitHub', 'github'],
    ['  Größe & Co. KG ', 'grosse-co-kg'],
    ['Große', 'grosse'],
    ['a'.repeat(40), 'a'.repeat(24)],
    ['aaaaaaaaaaaaaaaaaaaaaaa bcd', 'aaaaaaaaaaaaaaaaaaaaaaa'],
    ['日本語', 'gateway'],
    ['', 'gateway'],
  ])('of the name %o is %s', (name, slug) => {
    expect(slugify(name)).toBe(slug);
    expect(isSlug(slugify(name))).toBe(true);
  });

  it('is the one asked for, unless it is taken', async () => {
    expect(await freeSlug({ slug: 'mine', name: 'Yours' }, async () => false)).toBe('mine');
    expect(await freeSlug({ slug: 'mine', name: 'Yours' }, async (one) => one === 'mine')).toBeUndefined();
  });

  it('is made of the name, numbered where that is taken, and never too long', async () => {
    const taken = new Set<string>();
    const next = async (name: string): Promise<string | undefined> => {
      const free = await freeSlug({ name }, async (one) => taken.has(one));
      taken.add(free ?? '');
      return free;
    };
    expect([await next('GitHub'), await next('GitHub'), await next('GitHub')]).toEqual([
      'github',
      'github-2',
      'github-3',
    ]);
    const long = 'a'.repeat(21) + ' bc';
    expect([await next(long), await next(long)]).toEqual([`${'a'.repeat(21)}-bc`, `${'a'.repeat(21)}-2`]);
    expect([...taken].filter((one) => !isSlug(one))).toEqual([]);
  });
});
