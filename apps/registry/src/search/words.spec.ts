import { describe, expect, it } from 'vitest';
import { nameWordsOf, queryOf, vectorOf, wordsOf } from './words.js';

describe('the words of a name', () => {
  it.each([
    ['create_issue', ['create', 'issue']],
    ['list-repos', ['list', 'repos']],
    ['createPullRequest', ['create', 'pull', 'request']],
    ['HTTPServerInfo', ['http', 'server', 'info']],
    ['getV2Status', ['get', 'v2', 'status']],
    ['repo://lethe/README.md', ['repo', 'lethe', 'readme', 'md']],
    ['ÜberprüfeKonto', ['uberprufe', 'konto']],
    ['検索', ['検', '索']],
    ['***', []],
  ])('of %s', (name, words) => expect(nameWordsOf(name)).toEqual(words));
});

describe('a question', () => {
  it('has each word once, and each may be a beginning', () =>
    expect(queryOf('Create the_issue create')).toBe(`'create':* & 'the':* & 'issue':*`));

  it('takes a single letter for a word', () => expect(queryOf('a b2')).toBe(`'a' & 'b2':*`));

  it('never has a sign of the query language', () => {
    for (const text of [`it's`, `a'b\\c`, '!a|b&c:*<->(d)', '\0'])
      expect(queryOf(text) ?? '').toMatch(/^(?:'[a-z0-9]+'(?::\*)?(?: & )?)*$/);
  });

  it('without a word is none', () => expect(queryOf('-- !')).toBeUndefined());
});

it('a vector has each word with its places and their weight, and no more than four of them', () => {
  const words = wordsOf('the tool is the tool of the tool of the tool the');
  expect(
    vectorOf([
      ['A', ['tool']],
      ['C', words],
    ]),
  ).toBe(`'tool':1A,3C,6C,9C 'the':2C,5C,8C,11C 'is':4C 'of':7C,10C`);
});
