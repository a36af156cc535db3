import { describe, expect, it } from 'vitest';
import { failureOfResponse, schemeAsked } from './http-status.js';

describe('a 401', () => {
  it('rejects the credential that was sent, and asks for one where none was', () => {
    const challenge = 'Bearer realm="x"';
    const failures = [true, false].map((hasCredential) =>
      failureOfResponse({ httpStatus: 401, hasCredential, challenge }),
    );
    expect(failures).toMatchObject([
      { code: 'credential_rejected', detail: { httpStatus: 401, scheme: 'bearer' } },
      { code: 'credential_required', detail: { httpStatus: 401, scheme: 'bearer' } },
    ]);
  });

  it.each([
    ['Bearer', 'bearer'],
    ['bEaReR realm="a, Basic b", error="invalid_token"', 'bearer'],
    ['Basic realm="x"', 'basic'],
    ['Digest realm="x", qop="auth", Basic realm="y"', 'basic'],
    ['Negotiate, Basic realm="y"', 'basic'],
    ['Digest realm="Bearer"', undefined],
    ['Digest realm="a\\", Bearer b"', undefined],
    ['Digest bearer=1', undefined],
    ['Digest a=1, bearer = 1', undefined],
    ['BearerToken realm="x"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('with the challenge %j asks for the known scheme %s', (challenge, scheme) => {
    expect(schemeAsked(challenge)).toBe(scheme);
  });
});
