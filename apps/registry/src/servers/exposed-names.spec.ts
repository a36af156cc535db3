import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { EXPOSED_NAME, exposeName, NAME_LENGTH } from './exposed-names.js';

const LONG = 'a'.repeat(64);

const rules = { maxLength: NAME_LENGTH.max, isTaken: () => false };
const isExposedName = (name: string): boolean => EXPOSED_NAME.test(name);

/** Gives names one after the other, as a virtual server does. */
function exposeAll(items: [own: string, slug: string][], maxLength: number = NAME_LENGTH.max): string[] {
  const taken = new Set<string>();
  return items.map(([own, slug]) => {
    const name = exposeName(own, slug, { maxLength, isTaken: (candidate) => taken.has(candidate) });
    expect(taken.has(name)).toBe(false);
    taken.add(name);
    return name;
  });
}

describe('an exposed name', () => {
  it.each([
    ['search', 'search'],
    ['get.user-name_1', 'get.user-name_1'],
    [LONG, LONG],
    ['get user', 'get_user'],
    ['a/b//c', 'a_b_c'],
    ['ｓｅａｒｃｈ', 'search'],
    ['größe', 'grosse'],
    ['búsqueda_rápida', 'busqueda_rapida'],
    ['bu\u0301squeda', 'busqueda'],
    ['Straße prüfen', 'Strasse_prufen'],
    ['Ærø.øl-łódź', 'Aero.ol-lodz'],
    ['найти файл', 'nayti_fayl'],
    ['αναζήτηση', 'anazitisi'],
    ['検索', 'JianSuo'],
    ['ファイルを読む', 'fuairuoDumu'],
    ['검색', 'GeomSaeg'],
    ['بحث', 'bhth'],
    ['🔍 search!', 'mag_search'],
  ])('of %s, alone, is %s', (own, name) => {
    verifies('names.readable');
    expect(exposeAll([[own, 'git']])).toEqual([name]);
  });

  it('gives a newcomer that clashes its slug in front', () => {
    expect(exposeAll([['search', 'one'], ['search', 'two'], ['get user', 'one'], ['get_user', 'two']])).toEqual([
      'search',
      'two-search',
      'get_user',
      'two-get_user',
    ]);
  }); // prettier-ignore

  it('is shortened by a hash to 64 characters', () => {
    const [own, prefixed, tooLong] = exposeAll([[LONG, 'one'], [LONG, 'two'], [`${LONG}a`, 'one']]);
    expect(own).toBe(LONG);
    expect(prefixed).toMatch(/^two-a{51}-[0-9a-f]{8}$/);
    expect(tooLong).toMatch(/^a{55}-[0-9a-f]{8}$/);
  }); // prettier-ignore

  it('has at most the characters that its server allows, with a hash where something was cut off', () => {
    verifies('names.readable');
    const max = NAME_LENGTH.min;
    const own = ['search', 'a'.repeat(max), 'a'.repeat(max + 1), LONG, '検索'.repeat(20), '!!!'];
    const items = own.flatMap((name) => ['one', 's'.repeat(63)].map((slug): [string, string] => [name, slug]));
    const names = exposeAll(items, max);
    expect(names.filter((name) => !isExposedName(name) || name.length > max)).toEqual([]);
    expect(names.slice(0, 5)).toEqual([
      'search',
      expect.stringMatching(/^s{11}-[0-9a-f]{8}$/),
      'a'.repeat(max),
      expect.stringMatching(/^s{11}-[0-9a-f]{8}$/),
      expect.stringMatching(/^a{11}-[0-9a-f]{8}$/),
    ]);
  });

  it.each(['', '\u2003', '!!!', '___', '---'])('says the slug and a hash where %o says nothing', (own) => {
    expect(exposeName(own, 'git', rules)).toMatch(isExposedName(own) ? own : /^git-[0-9a-f]{8}$/);
  });

  it('finds another when slug and name together are taken as well', () => {
    const names = exposeAll([['two-search', 'one'], ['search', 'one'], ['search', 'two'], ['search', 'two']]);
    expect(names.slice(0, 2)).toEqual(['two-search', 'search']);
    expect(names[2]).toMatch(/^two-search-[0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(4);
  }); // prettier-ignore

  it('is the same each time', () => {
    const taken = { ...rules, isTaken: (name: string) => name === LONG };
    expect(exposeName(LONG, 'two', taken)).toBe(exposeName(LONG, 'two', taken));
  });

  it('is legal and never given twice, for 5,000 hostile own names', () => {
    const pieces = ['a', 'two-a', 'two', '-', '_', ' ', '/', 'ä', '日', '.', 'a'.repeat(30), 'b'.repeat(64)];
    const draw = (): string => Array.from({ length: randomInt(5) }, () => pieces[randomInt(pieces.length)]).join('');
    const names = exposeAll(Array.from({ length: 5_000 }, () => [draw(), ['one', 'two', 'two-a'][randomInt(3)] ?? '']));
    expect(names.filter((name) => !isExposedName(name))).toEqual([]);
    expect(new Set(names).size).toBe(5_000);
  });
});

describe('a legal exposed name', () => {
  it.each(['a', LONG, 'A.b_c-9'])('is %s', (name) => {
    expect(isExposedName(name)).toBe(true);
  });

  it.each(['', `${LONG}a`, 'a b', 'a/b', 'ä', 'a\n'])('is not %o', (name) => {
    expect(isExposedName(name)).toBe(false);
  });
});
