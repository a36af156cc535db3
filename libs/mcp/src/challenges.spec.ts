import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengedSchemes, challengeFacts, parseChallenges } from './challenges.js';

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

describe('parseChallenges', () => {
  it.each<[string | string[], [scheme: string, parameters: Record<string, string>][]]>([
    [
      'Bearer realm="a, Basic \\"b\\"", error=invalid_token ,, DPoP algs="ES256 \\\\", Basic',
      [
        ['Bearer', { realm: 'a, Basic "b"', error: 'invalid_token' }],
        ['DPoP', { algs: 'ES256 \\' }],
        ['Basic', {}],
      ],
    ],
    [
      'Negotiate YWJj==, Bearer SCOPE = "a b"',
      [
        ['Negotiate', {}],
        ['Bearer', { scope: 'a b' }],
      ],
    ],
    [
      ['Bearer error="invalid_token"', 'Bearer', 'scope="z"', 'Basic realm=x'],
      [
        ['Bearer', { error: 'invalid_token' }],
        ['Bearer', {}],
        ['Basic', { realm: 'x' }],
      ],
    ],
    [
      'Bearer resource_metadata=https://a.example/b?c=d, error="x"',
      [['Bearer', { resource_metadata: 'https://a.example/b?c=d', error: 'x' }]],
    ],
    // Some servers leave out the commas.
    ['Bearer error="x" scope = "a b"', [['Bearer', { error: 'x', scope: 'a b' }]]],
    // What is given twice is left out, also if it is given a third time, and a value that is empty is one.
    ['Bearer scope="a", Scope="b", scope="c", error=""', [['Bearer', { error: '' }]]],
    // What is malformed ends the reading, and what was read of its challenge can't be trusted.
    ['Basic realm="r", Bearer scope="a", error="open', [['Basic', { realm: 'r' }], ['Bearer', {}]]], // prettier-ignore
    ['Bearer error="invalid_token" Basic realm="a"', [['Bearer', {}]]],
    ['Bearer a b c, Basic realm="x"', [['Bearer', {}]]],
    ['scope="a", Bearer', []],
    [`Bearer scope="${'x'.repeat(8_192)}"`, []],
  ])('of %j', (header, expected) => {
    const read = parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
    expect(read).toEqual(expected);
  });

  it('reads back any values that are quoted', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', ',', '=', '"', '\\', 'Bearer ', 'ü', '\t'),
      maxLength: 40,
    });
    const parameters = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z_]{1,9}$/), text), { selector: ([name]) => name, minLength: 1 }); // prettier-ignore
    const challenges = fc.array(fc.tuple(fc.constantFrom('Bearer', 'DPoP', 'Basic'), parameters), { minLength: 1 });
    fc.assert(
      fc.property(challenges, (all) => {
        const quote = (value: string) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
        const written = all.map(([scheme, own]) => `${scheme} ${own.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}`); // prettier-ignore
        const read = parseChallenges(written.join(' , ')).map(({ scheme, parameters: own }) => [scheme, [...own]]);
        expect(read).toEqual(all);
      }),
      { numRuns: 200 },
    );
  });

  const MOST = 8_192;
  const within = (header: string): void => {
    const before = process.cpuUsage();
    parseChallenges(header.slice(0, MOST));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(200_000);
  };
  const UNITS = ['"', '\\', ',', '=', ' ', '\t', 'a', 'Bearer ', 'a=', 'a="', '\\"', 'a=b ', 'a=b,', '==', ' a'];

  it('takes a bounded time for long runs of anything, whatever is before and after', () => {
    const starts = ['', 'Bearer', 'Bearer ', 'Bearer a', 'Bearer a=', 'Bearer a="', 'Bearer a=b', 'Bearer a=b ', 'Bearer a="b"'];
    for (const start of starts)
      for (const unit of UNITS)
        for (const end of ['"', '=', 'x', '\u00e9'])
          within(start + unit.repeat(Math.floor((MOST - start.length - 1) / unit.length)) + end);
  }); // prettier-ignore

  it('takes a bounded time for any text', () => {
    const hostile = fc.array(fc.tuple(fc.array(fc.constantFrom(...UNITS), { maxLength: 4 }), fc.nat(8_000)), { maxLength: 4 }); // prettier-ignore
    const text = hostile.map((parts) => parts.map(([unit, times]) => unit.join('').repeat(times)).join(''));
    fc.assert(fc.property(text, within), { numRuns: 300 });
  });
});

describe('challengeFacts', () => {
  const origin = 'https://up.example';
  const facts = (header: string | string[], more: Record<string, string | string[]> = {}) =>
    challengeFacts({ 'www-authenticate': header, ...more }, origin);

  it.each([
    ['Bearer error="insufficient_scope", scope="a:b https://c/d"', { error: 'insufficient_scope', scope: 'a:b https://c/d' }], // prettier-ignore
    ['Bearer error="Run this", error_description="CANARY", realm="CANARY", error_uri="https://CANARY"', {}],
    ['Bearer scope=""', {}],
    ['Bearer scope="a  b"', {}],
    ['Bearer scope="a\\"b"', {}],
    ['Bearer scope="ä"', {}],
    [`Bearer scope="${'x'.repeat(129)}"`, {}],
    [`Bearer scope="${'x '.repeat(32)}x"`, {}],
    [`Bearer scope="${'x '.repeat(31)}x"`, { scope: `${'x '.repeat(31)}x` }],
    [`Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`, {}],
    ['Bearer resource_metadata="https://evil.example/x"', { metadataElsewhere: true }],
    ['Bearer resource_metadata="/x"', {}],
  ])('of %j are from closed lists and checked', (header, expected) => {
    expect(facts(header)).toEqual({ scheme: 'Bearer', ...expected });
  });

  it('are those of the challenge that says most', () => {
    expect(facts('Basic realm="x", Bearer scope="a", DPoP error="use_dpop_nonce"')?.scheme).toBe('DPoP');
    expect(facts(['Basic realm="x"', 'Bearer scope="a"'])?.scheme).toBe('Bearer');
    expect(facts('Negotiate, Basic')).toEqual({ scheme: 'Negotiate' });
    expect(facts('Lethe-Upstream gateway="x"')).toBeUndefined();
  });

  it('have the nonce for a proof, if it is one', () => {
    const told = (nonce: string | string[]) => facts('DPoP error="use_dpop_nonce"', { 'dpop-nonce': nonce })?.dpopNonce;
    expect(told('eyJ7.S-_,~')).toBe('eyJ7.S-_,~');
    expect(told('x'.repeat(256))).toHaveLength(256);
    for (const wrong of ['', 'a b', 'x'.repeat(257), 'a"b', 'ü', ['a', 'b']]) expect(told(wrong)).toBeUndefined();
  });
});
