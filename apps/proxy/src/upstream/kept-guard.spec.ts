import { verifies } from '@test/requirements.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptGuard, RepeatedCredential } from './kept-guard.js';
import { secretsOf } from './kept-secrets.js';

type Parts = Parameters<typeof secretsOf>[0];
const textsOf = (headers: Parts['headers'], query = ''): string[] => secretsOf({ headers, query }).map(String);

/** What a reader gets of a body that comes in these parts, and whether the guard ended it. */
function read(parts: readonly string[], secrets: readonly string[]): { got: string; wasEnded: boolean } {
  let got = '';
  const reader = { data: (chunk: Buffer) => ((got += chunk.toString('latin1')), true), end: () => void (got += '|') };
  const guard = new KeptGuard(secrets.map((secret) => Buffer.from(secret)), reader); // prettier-ignore
  try {
    for (const part of parts) guard.data(Buffer.from(part, 'latin1'));
    guard.end();
    return { got, wasEnded: false };
  } catch (error) {
    expect(error).toBeInstanceOf(RepeatedCredential);
    return { got, wasEnded: true };
  }
}

/** Secrets that overlap with themselves, and bodies that have them, or nearly, in any parts. */
const secret = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 2, maxLength: 5 });
const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }), { maxLength: 8 });

describe('what no response may repeat', () => {
  it('is never passed on, nor its beginning, however the body is cut; other bodies are unchanged', () => {
    verifies('kept.not-repeated');
    const never = fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), parts, (secrets, body) => {
      const whole = body.join('');
      const found = secrets.filter((each) => whole.includes(each)).map((each) => ({ at: whole.indexOf(each), each }));
      const [first] = found.toSorted((one, other) => one.at + one.each.length - other.at - other.each.length);
      const { got, wasEnded } = read(body, secrets);
      expect(wasEnded).toBe(first !== undefined);
      if (!wasEnded) expect(got).toBe(`${whole}|`);
      else expect(got.length).toBeLessThanOrEqual(first?.at ?? 0);
    });
    fc.assert(never, { numRuns: 2_000 });
  });

  it('waits for no more than what may be its beginning', () => {
    let got = '';
    const reader = { data: (chunk: Buffer) => ((got += chunk.toString()), false), end: () => undefined };
    const guard = new KeptGuard([Buffer.from('secret-value')], reader);
    expect(guard.data(Buffer.from('data: {}\n\n'))).toBe(false);
    expect(got).toBe('data: {}\n\n');
    guard.data(Buffer.from('of a secret'));
    expect(got).toBe('data: {}\n\nof a ');
    guard.data(Buffer.from('ary'));
    expect(got).toBe('data: {}\n\nof a secretary');
  });

  it('is each value as it is, without its scheme, and as servers write it into JSON', () => {
    const basic = `Basic ${btoa('robot:pass"word/')}`;
    expect(textsOf([['Authorization', 'Bearer abc/defgh']])).toEqual(
      expect.arrayContaining(['abc/defgh', 'abc\\/defgh']),
    );
    expect(textsOf([['Authorization', basic]])).toEqual(expect.arrayContaining([btoa('robot:pass"word/'), 'pass"word/', 'pass\\"word/', 'pass\\\\\\"word/'])); // prettier-ignore
    const headers: Parts['headers'] = [
      ['X-Api-Key', 'Key 0123456789abcdef'],
      ['X-Team', 'eng'],
    ];
    expect(textsOf(headers, 'region=eu')).toEqual(['Key 0123456789abcdef', '0123456789abcdef']);
    expect(textsOf([['Authorization', 'Bearer short']])).toEqual([]);
  });

  it.each([
    ['without a scheme', 'lin_api_0123456789', 'lin_api_0123456789'],
    ['after more than one space', 'Bearer  0123456789', '0123456789'],
    ['of more than one part', 'Key id=7, secret=abc', 'id=7, secret=abc'],
    ['of a scheme in small letters', `basic ${btoa('robot:password1')}`, 'password1'],
  ])('is a key of Authorization %s', (_what, value, expected) => {
    verifies('kept.not-repeated');
    expect(textsOf([['Authorization', value]])).toContain(expected);
  });

  it('is found as the serializers of other languages write it, also in a text in a text', () => {
    verifies('kept.not-repeated');
    const texts = textsOf([['Authorization', `Basic ${Buffer.from('robot:a+b<c>d&ü"').toString('base64')}`]]);
    const [go, net, python] = [String.raw`a+b\u003cc\u003ed\u0026ü\"`, String.raw`a\u002Bb\u003Cc\u003Ed\u0026\u00FC\u0022`, String.raw`a+b<c>d&\u00fc\"`]; // prettier-ignore
    const inText = (json: string): string => JSON.stringify(json).slice(1, -1);
    expect(texts).toEqual(expect.arrayContaining([go, net, python, inText(go), inText(net), inText(python)]));
    // A key of letters and digits has one spelling, and costs one search.
    expect(textsOf([['Authorization', 'Bearer 0123456789_abc-def.ghi']])).toHaveLength(1);
  });

  it('shares no memory with anything that stays for longer', () => {
    const secrets = secretsOf({ headers: [['Authorization', 'Bearer a-service-key']], query: '' });
    expect(secrets.map(({ buffer }) => buffer.byteLength)).toEqual(['a-service-key'.length]);
  });

  it('is found in a URL as it was sent, and as others write it again', () => {
    const query = `key=${encodeURIComponent("0123456789/(a b)'c")}`;
    const spellings = ["0123456789/(a b)'c", "0123456789%2F(a%20b)'c", '0123456789%2F%28a+b%29%27c', '0123456789%2f%28a+b%29%27c']; // prettier-ignore
    expect(textsOf([], query)).toEqual(expect.arrayContaining(spellings));
  });
});
