import { describe, expect, it } from 'vitest';
import { kindOfProbe, KINDS, mappingsOfKind, partsOf, type SecretPart } from './credential-parts.js';
import { bareToken, type AuthorizationWay, FIELD, typedCredential } from './typed-credential.js';

const typed = (parts: SecretPart[], values: Record<string, string>, way: AuthorizationWay = 'token') =>
  typedCredential(parts, way, (field) => values[field] ?? '');

describe('a typed credential', () => {
  it.each(['abc', ' abc\n', 'Bearer abc', 'bearer   abc ', 'Authorization: Bearer abc', '"Bearer abc"'])(
    '%j is the token abc',
    (pasted) => {
      expect(bareToken(pasted)).toBe('abc');
    },
  );

  it('asks again for what is missing, and for what is of another kind', () => {
    expect(typed([{ at: 'bearer' }], { token: ' ' })).toEqual({ field: 'token', why: 'empty' });
    expect(typed([{ at: 'bearer' }], { token: 'Basic YWRhOmxvdmVsYWNl' })).toEqual({
      field: 'token',
      why: 'basic_pasted',
    });
    expect(typed([{ at: 'bearer' }], { token: 'two words' })).toEqual({ field: 'token', why: 'malformed' });
    expect(typed([{ at: 'basic' }], { username: 'ada' })).toEqual({ field: 'password', why: 'empty' });
    const optional: SecretPart[] = [{ at: 'header', name: 'X-Api-Key', isOptional: true }];
    expect(typed(optional, {})).toEqual({ scheme: 'none' });
  });

  it('is of the kind that the mappings of the gateway ask for', () => {
    const parts = partsOf([
      { header: 'Authorization', scheme: 'dpop', required: true },
      { header: 'DPoP', required: true },
      { header: 'X-Team', required: false },
      { header: 'api-key', required: true, to: { query: 'api_key' } },
    ]);
    const values = { token: 'Bearer abc', [FIELD.part(1)]: 'ours', [FIELD.part(2)]: 'k3y' };
    expect(typed(parts, values)).toEqual({
      scheme: 'bearer',
      token: 'abc',
      headers: [{ name: 'X-Team', value: 'ours' }],
      parameters: [{ name: 'api_key', value: 'k3y' }],
    });
  });

  it('can be OAuth client credentials where a bearer token is wanted', () => {
    const values = { 'token-url': 'https://as.example/token', 'client-id': 'lethe', 'client-secret': 's3cret' };
    expect(typed([{ at: 'bearer' }], values, 'client')).toEqual({
      scheme: 'oauth_client_credentials',
      tokenUrl: 'https://as.example/token',
      clientId: 'lethe',
      clientSecret: 's3cret',
    });
    expect(typed([{ at: 'bearer' }], { ...values, 'token-url': 'http://as.example/token' }, 'client')).toMatchObject({
      why: 'malformed',
    });
  });

  it.each(KINDS)('of the kind %s has a part for each mapping of it', (kind) => {
    const parts = partsOf(mappingsOfKind(kind, 'api_key'));
    expect(parts.map(({ at }) => at)).toEqual(kind === 'none' ? [] : [kind]);
  });

  it('is suggested by the challenge of the upstream', () => {
    const probe = { url: 'https://mcp.example/mcp', eras: [], requests: 1, durationMs: 1 };
    const asked = (schemes: string[]) =>
      kindOfProbe({ ...probe, outcome: 'credential_required', challenge: { schemes } });
    expect(kindOfProbe({ ...probe, outcome: 'open' })).toBe('none');
    expect([asked(['Bearer']), asked(['Basic']), asked(['Basic', 'Bearer'])]).toEqual(['bearer', 'basic', 'bearer']);
    expect([asked([]), asked(['Digest'])]).toEqual(['bearer', 'header']);
  });
});
