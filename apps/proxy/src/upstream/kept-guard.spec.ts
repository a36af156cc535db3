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
    const query = `key=${encodeURIComponent('0123456789&abcdef')}&region=eu`;
    expect(
      textsOf(
        [
          ['X-Api-Key', 'Key 0123456789abcdef'],
          ['X-Team', 'eng'],
        ],
        query,
      ),
    ).toEqual([
      'Key 0123456789abcdef',
      '0123456789abcdef',
      '0123456789&abcdef',
      '0123456789%26abcdef', // prettier-ignore
    ]);
    expect(textsOf([['Authorization', 'Bearer short']])).toEqual([]);
  });
});
