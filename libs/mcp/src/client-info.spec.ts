import { describe, expect, it } from 'vitest';
import { clientInfoFrom, clientName, LETHE_CLIENT_INFO } from './client-info.js';

describe('clientInfoFrom', () => {
  it('takes name and version, cut, and nothing else', () => {
    const given = { name: 'x'.repeat(200), version: '2', icons: [], title: 'X' };
    expect(clientInfoFrom(given, LETHE_CLIENT_INFO)).toEqual({ name: 'x'.repeat(128), version: '2' });
  });

  it.each([undefined, null, 'text', ['name'], { name: 7, version: {} }])('says something else for %j', (given) => {
    expect(clientInfoFrom(given, LETHE_CLIENT_INFO)).toEqual({ name: 'lethe', version: '1' });
  });
});

describe('clientName', () => {
  it.each([
    [{ name: 'a', version: '1' }, 'a/1'],
    [{ name: 'a' }, 'a'],
    [{ name: 'a', version: 7 }, 'a'],
    [{ name: '', version: '1' }, ''],
    [{ version: '1' }, ''],
    [undefined, ''],
    ['a', ''],
  ])('of %j is %j', (given, name) => {
    expect(clientName(given)).toBe(name);
  });
});
