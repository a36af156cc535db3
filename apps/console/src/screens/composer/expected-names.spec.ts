import { expect, it } from 'vitest';
import { expectNames, type NamedPick } from './expected-names.js';

const tool = (gateway: string, own: string, as?: string): NamedPick => ({ gateway, kind: 'tool', own, as });
const said = (picks: NamedPick[], owned: Parameters<typeof expectNames>[1] = [], maxLength = 64): string[] =>
  expectNames(picks, owned, maxLength).map(({ by, exposed = '?' }) => `${by} ${exposed}`);

it('keeps own names, and gives later ones of the same name a prefix', () => {
  expect(said([tool('a', 'search'), tool('b', 'search')])).toEqual(['own search', 'prefixed b-search']);
});

it('gives chosen names first', () => {
  expect(said([tool('a', 'search'), tool('b', 'find', 'search')])).toEqual(['prefixed a-search', 'chosen search']);
});

it('tells whose name it is where two are chosen alike', () => {
  expect(expectNames([tool('a', 'x', 'same'), tool('b', 'y', 'same')], [], 64)[1]).toEqual({
    by: 'clash',
    exposed: 'same',
    owner: 'a/x',
  });
});

it('never gives a name that belonged to another item, and keeps the one that an item had', () => {
  const owned = [
    { kind: 'tool', exposed: 'search', gateway: 'gone', own: 'search' },
    { kind: 'tool', exposed: 'b-search', gateway: 'b', own: 'search' },
    { kind: 'tool', exposed: 'find', gateway: 'c', own: 'look', chosen: true },
  ] as const;
  expect(said([tool('a', 'search'), tool('b', 'search'), tool('c', 'look')], owned)).toEqual([
    'prefixed a-search',
    'kept b-search',
    'own look',
  ]);
  expect(said([tool('a', 'x', 'find')], owned)).toEqual(['clash find']);
});

it('does not claim to know names that the registry makes', () => {
  expect(said([tool('a', 'búsqueda'), tool('a', 'x'.repeat(30))], [], 20)).toEqual(['made ?', 'made ?']);
});

it('leaves URIs as they are', () => {
  const note = (gateway: string): NamedPick => ({ gateway, kind: 'resource', own: 'note://1', as: undefined });
  expect(said([note('a'), note('b')])).toEqual(['own note://1', 'clash note://1']);
});
