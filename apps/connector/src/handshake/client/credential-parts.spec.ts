import { describe, expect, it } from 'vitest';
import { credentialParts } from './credential-parts.js';
import { withParameters } from './query-credential.js';

const beside = [
  { name: 'X-Api-Key', value: 'api-key-secret' },
  { name: 'X-Tenant', value: 'acme', secret: false },
];

describe('a credential with several headers', () => {
  it('is sent whole beside a bearer token, and each secret of it is looked for', () => {
    expect(credentialParts({ scheme: 'bearer', token: 'token-secret', headers: beside })).toEqual({
      headers: { authorization: 'Bearer token-secret', 'x-api-key': 'api-key-secret', 'x-tenant': 'acme' },
      parameters: [],
      secrets: ['token-secret', 'api-key-secret'],
    });
  });

  it('is sent whole beside a password', () => {
    const pair = Buffer.from('me:password').toString('base64');
    expect(credentialParts({ scheme: 'basic', username: 'me', password: 'password', headers: beside })).toEqual({
      headers: { authorization: `Basic ${pair}`, 'x-api-key': 'api-key-secret', 'x-tenant': 'acme' },
      parameters: [],
      secrets: ['password', pair, 'api-key-secret'],
    });
  });

  it('may be a header with a pair, whose password is looked for, too', () => {
    const pair = Buffer.from('me:pass:word').toString('base64');
    const headers = [{ name: 'Authorization', value: `Basic ${pair}` }];
    expect(credentialParts({ scheme: 'headers', headers }).secrets).toEqual([pair, 'pass:word']);
    expect(credentialParts({ scheme: 'headers', headers: [{ name: 'X-Key', value: pair }] }).secrets).toEqual([pair]);
  });
});

describe('a credential in query parameters', () => {
  const parameters = [{ name: 'api_key', value: 'a b&c=d/e' }];
  const written = 'api_key=a%20b%26c%3Dd%2Fe';

  it('is written into the URL in place of a parameter of the same name, and looked for', () => {
    const parts = credentialParts({ scheme: 'query', parameters });
    expect(parts).toEqual({ headers: {}, parameters, secrets: ['a b&c=d/e'] });
    expect(withParameters('https://a.example/mcp', parameters)).toBe(`https://a.example/mcp?${written}`);
    const before = 'https://a.example/mcp?tenant=acme&api%5Fkey=old&flag';
    expect(withParameters(before, parameters)).toBe(`https://a.example/mcp?tenant=acme&flag&${written}`);
    expect(withParameters('https://a.example/mcp?a=%7e', [])).toBe('https://a.example/mcp?a=%7e');
  });
});
