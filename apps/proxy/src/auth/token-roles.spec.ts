import { describe, expect, it } from 'vitest';
import { tokenRoles } from './token-roles.js';

describe('the roles in a token', () => {
  it.each<[string, unknown, string[]]>([
    ['a text', 'eng', ['eng']],
    ['a scope', 'openid  eng ops', ['openid', 'eng', 'ops']],
    ['an array', ['eng', 'ops', 'eng'], ['eng', 'ops']],
    ['what is no role', ['*', '', 'a b', 7, null, ['eng'], 'x'.repeat(65)], []],
    ['nothing', undefined, []],
    ['a number', 7, []],
    ['an object', { eng: true }, []],
    ['null', null, []],
  ])('of %s', (_what, value, roles) => {
    expect(tokenRoles({ groups: value }, { claim: 'groups' })).toEqual(roles);
    expect(tokenRoles({ a: { b: { groups: value } } }, { claim: 'a.b.groups' })).toEqual(roles);
    expect(tokenRoles({ 'https://x.example/groups': value }, { claim: 'https://x.example/groups' })).toEqual(roles);
  });

  it('are only those of the map, if there is one', () => {
    const map = { 'Platform Team': 'admin', b: 'eng' };
    expect(tokenRoles({ groups: ['Platform Team', 'b', 'admin', 'toString'] }, { claim: 'groups', map })).toEqual([
      'admin',
      'eng',
    ]);
    expect(tokenRoles({ group: 'Platform Team' }, { claim: 'group', map })).toEqual(['admin']);
  });

  it('are none where the path leads nowhere, or out of the claims', () => {
    for (const claim of ['a.b', 'constructor.name', '__proto__.x', 'groups.length', '', '.']) {
      expect(tokenRoles({ groups: 'eng', a: 1 }, { claim })).toEqual([]);
    }
  });
});
