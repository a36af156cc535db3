import { expect, it } from 'vitest';
import { searchRow } from './search-row.js';

const place = { gateway: { id: '1', slug: 'git-hub' }, stale: false, tags: ['reviewed'] };
const rowOf = (definition: Record<string, string>, more = {}) =>
  searchRow({ kind: 'tool', own: 'createPullRequest', definition, ...more }, place);

it('an item is found by its name, as words and joined, its title, its texts of both eras, its gateway and its tags', () => {
  const { words } = rowOf({ title: 'Propose', description: 'changes' }, { legacyDefinition: { description: 'older' } });
  for (const word of ['create', 'pull', 'request', 'createpullrequest', 'pullrequest'])
    expect(words).toMatch(new RegExp(`'${word}':\\d+A`));
  expect(words).toMatch(/'propose':\d+B/);
  for (const word of ['changes', 'older']) expect(words).toMatch(new RegExp(`'${word}':\\d+C`));
  for (const word of ['git', 'hub', 'reviewed']) expect(words).toMatch(new RegExp(`'${word}':\\d+D`));
});

it('what PostgreSQL can not store is not in its row, and long texts are bounded', () => {
  const row = rowOf({ title: 'a\0b\ud800', description: 'word '.repeat(10_000) });
  expect(row.title).toBe('ab\ufffd');
  expect(row.description).toHaveLength(401);
  expect(
    JSON.stringify(rowOf({ description: Array.from({ length: 9_999 }, (_, n) => `w${n}`).join(' ') })).length,
  ).toBeLessThan(9_000);
});

it('the digest changes with what is shown, and the id does not', () => {
  const [one, other] = [rowOf({ description: 'one' }), rowOf({ description: 'other' })];
  expect([one.id === other.id, one.digest === other.digest]).toEqual([true, false]);
});
