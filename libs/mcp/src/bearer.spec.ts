import { describe, expect, it } from 'vitest';
import { bearerChallenge, bearerProblem, bearerToken } from './bearer.js';

describe('an Authorization header', () => {
  it.each(['Bearer abc', 'bearer abc', 'BEARER a.b-c_d~e+f/g=='])('has a token in %s', (header) => {
    expect(bearerToken(header)).toBe(header.slice(7));
    expect(bearerProblem(header)).toBeUndefined();
  });

  it.each([
    [undefined, 'no_authorization'],
    ['', 'value_missing'],
    ['Bearer', 'value_missing'],
    ['bearer ', 'value_missing'],
    ['lethe_key_abc', 'scheme_missing'],
    ['Bearerabc', 'scheme_missing'],
    ['Basic abc', 'scheme_not_bearer'],
    ['Bearer: abc', 'scheme_not_bearer'],
    ['Bearer Bearer abc', 'value_malformed'],
    ['Bearer  abc', 'value_malformed'],
    ['Bearer "abc"', 'value_malformed'],
    ['Bearer <key>', 'value_malformed'],
    ['Bearer ${KEY}', 'unexpanded_variable'],
    ['${KEY}', 'unexpanded_variable'],
    ['Bearer ${{ secrets.KEY }}', 'unexpanded_variable'],
  ])('%j: %s', (header, why) => {
    expect(bearerProblem(header)?.why).toBe(why);
  });
});

describe('bearerChallenge', () => {
  it('has no error where no bearer token was sent', () => {
    expect(bearerChallenge('no_authorization', 'Send a key')).toBe('Bearer realm="lethe", hint="Send a key"');
  });

  it('describes the error, in the characters that it may have', () => {
    expect(bearerChallenge('unknown', 'No "key" \\ é', 'http://h/m')).toBe(
      'Bearer realm="lethe", error="invalid_token", error_description="No  key     ", resource_metadata="http://h/m"',
    );
  });
});
