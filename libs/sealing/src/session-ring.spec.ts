import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newRingKey } from './key-ring.js';
import { SessionRing, type SealPurpose } from './session-ring.js';

const key = newRingKey();
const CLAIMS = { v: 1, exp: 1_800_000_000, upstream: { github: ['session-1', '2025-06-18'] } };
const AAD = 'server-1 key:abc';
const sealer = new SessionRing([key]).sealer('session');
const token = sealer.seal(CLAIMS, AAD);

describe('a sealed token', () => {
  it('opens to what was sealed, on any replica with the ring', () => {
    expect(new SessionRing([key]).sealer('session').open(token, AAD)).toEqual(CLAIMS);
  });

  it('is visible ASCII and shows nothing of its claims', () => {
    expect(token).toMatch(/^v1\.[\w-]+\.[\w-]+$/);
    expect(Buffer.from(token.split('.')[2] ?? '', 'base64url').includes('session-1')).toBe(false);
  });

  it('is another one each time', () => {
    expect(sealer.seal(CLAIMS, AAD)).not.toBe(token);
  });

  it.each([[null], [''], [0], [false], [[]], [{}], ['text']])('carries any JSON value: %o', (claims) => {
    expect(sealer.open(sealer.seal(claims, AAD), AAD)).toEqual(claims);
  });

  it.each(['server-2 key:abc', 'server-1 key:abd', '', `${AAD} `])('does not open bound to %o', (aad) => {
    expect(sealer.open(token, aad)).toBeUndefined();
  });

  it.each<SealPurpose>(['request-id', 'event-id', 'cursor', 'request-state'])('does not open as a %s', (purpose) => {
    expect(new SessionRing([key]).sealer(purpose).open(token, AAD)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['another version', token.replace(/^v1/, 'v2')],
    ['another key name', token.replace(/^v1\.[\w-]+/, 'v1.other')],
    ['no body', token.split('.').slice(0, 2).join('.')],
    ['an empty body', `${token.split('.').slice(0, 2).join('.')}.`],
    ['a short body', token.slice(0, 30)],
    ['one more part', `${token}.AAAA`],
    ['padding', `${token}=`],
    ['a truncated tag', token.slice(0, -4)],
    ['a lot of text', 'x'.repeat(100_000)],
  ])('does not open: %s', (_name, tampered) => {
    expect(sealer.open(tampered, AAD)).toBeUndefined();
  });

  it('does not open after any of 10,000 random bit flips', () => {
    const opened: string[] = [];
    for (let round = 0; round < 10_000; round += 1) {
      const bytes = Buffer.from(token, 'latin1');
      const at = randomInt(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInt(8));
      const flipped = bytes.toString('latin1');
      if (sealer.open(flipped, AAD) !== undefined) opened.push(flipped);
    }
    expect(opened).toEqual([]);
  });

  it('does not open under another key of the same name', () => {
    const other = new SessionRing([{ ...newRingKey(), kid: key.kid }]);
    expect(other.sealer('session').open(token, AAD)).toBeUndefined();
  });

  it('opens while its key is the previous one', () => {
    const ring = new SessionRing([newRingKey(), key]);
    expect(ring.sealer('session').open(token, AAD)).toEqual(CLAIMS);
    expect(ring.sealer('session').seal(1, AAD)).not.toContain(`v1.${key.kid}.`);
  });
});
