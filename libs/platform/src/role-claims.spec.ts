import { describe, expect, it } from 'vitest';
import { readRoleClaims, roleOf } from './role-claims.js';

const TEXT = 'groups:platform-admins=admin, platform=editor,*=viewer';

describe('which claims of a token make an administrator', () => {
  const roleFor = (text: string, claims: object) => roleOf(readRoleClaims(text)!, claims);

  it('is read with spaces, namespaces, paths and encoded commas', () => {
    expect(readRoleClaims(TEXT)).toEqual({
      claim: 'groups',
      roles: new Map([
        ['platform-admins', 'admin'],
        ['platform', 'editor'],
        ['*', 'viewer'],
      ]),
    });
    expect(readRoleClaims('https://example.com/roles:urn:x:a=admin')).toEqual({
      claim: 'https://example.com/roles',
      roles: new Map([['urn:x:a', 'admin']]),
    });
    expect(readRoleClaims('groups:cn=a%2Cou=b=editor')?.roles).toEqual(new Map([['cn=a,ou=b', 'editor']]));
  });

  it.each([
    ...['', 'groups', 'groups:', 'groups:a', 'groups:a=', 'groups:=admin', 'groups:a=owner', 'groups:a=admin,'],
    ...[':a=admin', 'groups:a=admin,a=viewer', 'groups:a=Admin', 'groups:%=admin', 'a=admin'],
  ])('is refused as %j', (text) => {
    expect(readRoleClaims(text)).toBeUndefined();
  });

  it.each<[object, string | undefined]>([
    [{ groups: ['platform', 'platform-admins'] }, 'admin'],
    [{ groups: 'platform' }, 'editor'],
    [{ groups: 'a platform b' }, 'editor'],
    [{ groups: ['a'] }, 'viewer'],
    [{ groups: { platform: true } }, 'viewer'],
    [{ groups: [['platform-admins']] }, 'viewer'],
    [{ groups: 7 }, 'viewer'],
    [{}, 'viewer'],
  ])('gives the highest role: %j', (claims, role) => {
    expect(roleFor(TEXT, claims)).toBe(role);
  });

  it('gives no role where no value has one, also not for inherited members', () => {
    expect(roleFor('groups:a=admin', { groups: ['b'] })).toBeUndefined();
    expect(roleFor('constructor.name:Object=admin', {})).toBeUndefined();
    expect(roleFor('groups:a=admin', {})).toBeUndefined();
  });

  it('finds a claim in objects, but a claim with the whole name comes first', () => {
    const text = 'realm_access.roles:a=admin,b=editor';
    expect(roleFor(text, { realm_access: { roles: ['a'] } })).toBe('admin');
    expect(roleFor(text, { 'realm_access.roles': ['b'], realm_access: { roles: ['a'] } })).toBe('editor');
  });
});
