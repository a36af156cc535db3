import { describe, expect, it } from 'vitest';
import { credentialParts } from './credential-parts.js';

const beside = [
  { name: 'X-Api-Key', value: 'api-key-secret' },
  { name: 'X-Tenant', value: 'acme', secret: false },
];

describe('a credential with several headers', () => {
  it('is sent whole beside a bearer token, and each secret of it is looked for', () => {
    expect(credentialParts({ scheme: 'bearer', token: 'token-secret', headers: beside })).toEqual({
      headers: { authorization: 'Bearer token-secret', 'x-api-key': 'api-key-secret', 'x-tenant': 'acme' },
      secrets: ['token-secret', 'api-key-secret'],
    });
  });

  it('is sent whole beside a password', () => {
    const pair = Buffer.from('me:password').toString('base64');
    expect(credentialParts({ scheme: 'basic', username: 'me', password: 'password', headers: beside })).toEqual({
      headers: { authorization: `Basic ${pair}`, 'x-api-key': 'api-key-secret', 'x-tenant': 'acme' },
      secrets: ['password', pair, 'api-key-secret'],
    });
  });
});
