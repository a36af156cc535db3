import { describe, expect, it } from 'vitest';
import { urlToRegister } from './redirects.js';

const REGISTERED = 'https://mcp.example.com/mcp?tenant=a';

describe('the URL to register instead of one that redirects', () => {
  it.each([
    ['/mcp/', 'https://mcp.example.com/mcp/?tenant=a'],
    ['https://mcp.example.com/v2/mcp', 'https://mcp.example.com/v2/mcp?tenant=a'],
    ['/mcp/?tenant=a&api_key=hunter2&k=x', 'https://mcp.example.com/mcp/?tenant=a'],
    ['/mcp/#part', 'https://mcp.example.com/mcp/?tenant=a'],
    ['', undefined],
    ['/mcp?tenant=b', undefined],
    ['https://evil.example/mcp', undefined],
    ['//evil.example/mcp', undefined],
    ['https://mcp.example.com:8443/mcp/', undefined],
    ['http://mcp.example.com/mcp/', undefined],
    ['https://user:secret@mcp.example.com/mcp/', undefined],
    ['/ghp_0123456789abcdefghijABCDEFGHIJ012345/mcp', undefined],
    [`/${'long'.repeat(600)}`, undefined],
    ['javascript:alert(1)', undefined],
    [['/mcp/', '/mcp/'], undefined],
    [undefined, undefined],
  ])('for %j is %j', (location, url) => {
    for (const status of [301, 307, 308]) expect(urlToRegister(REGISTERED, status, { location })).toBe(url);
  });

  it('may be https where the registered one is http, and both have the default port', () => {
    const location = 'https://mcp.example.com/mcp';
    expect(urlToRegister('http://mcp.example.com/mcp', 308, { location })).toBe(location);
    expect(urlToRegister('http://mcp.example.com:8080/mcp', 308, { location })).toBeUndefined();
  });

  it.each([302, 303, 300, 304])('is not said for %i, which often leads to a sign-in page', (status) => {
    expect(urlToRegister(REGISTERED, status, { location: '/login' })).toBeUndefined();
  });
});
