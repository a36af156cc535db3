import { describe, expect, it } from 'vitest';
import { challengedSchemes } from './challenges.js';

describe('challengedSchemes', () => {
  it.each([
    ['Bearer realm="x", resource_metadata="https://evil.example"', ['Bearer']],
    ['basic', ['basic']],
    ['bEaReR realm="a, Basic b", error="invalid_token"', ['bEaReR']],
    ['Digest realm="x", qop="auth", Basic realm="y"', ['Digest', 'Basic']],
    [
      ['Negotiate', 'Basic realm="y"'],
      ['Negotiate', 'Basic'],
    ],
    ['Digest realm="Bearer"', ['Digest']],
    ['Digest realm="a\\", Bearer b"', ['Digest']],
    ['Digest bearer=1', ['Digest']],
    ['Digest a=1, bearer = 1', ['Digest']],
    ['BearerToken realm="x"', []],
    ['sk-live-SECRET', []],
    ['Bear er', []],
    ['', []],
    [undefined, []],
  ])('of %j are %j', (header, schemes) => {
    expect(challengedSchemes(header)).toEqual(schemes);
  });
});
