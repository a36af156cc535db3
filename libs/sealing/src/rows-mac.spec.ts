import { describe, expect, it } from 'vitest';
import { newRingKey, type RingKey } from './key-ring.js';
import { callerKeyMac, CallersMac, callersRing, RowsMac } from './rows-mac.js';

const key = newRingKey();
const rows = new RowsMac([key]);
const withOne = ([first = newRingKey(), ...rest]: RingKey[]): [RingKey, ...RingKey[]] => [first, ...rest];
const ROW = { gateway: 'g1', url: 'https://a.example', revision: 2 };

describe('the code of a row', () => {
  const tag = rows.tag('config', ROW);

  it('holds whatever the order of members', () => {
    expect(tag).toMatch(/^[0-9a-f]{64}$/);
    expect(rows.matches('config', { revision: 2, url: 'https://a.example', gateway: 'g1' }, tag)).toBe(true);
    expect(rows.matches('config', { ...ROW, note: undefined }, tag)).toBe(true);
  });

  it.each<[string, object]>([
    ['another value', { ...ROW, url: 'https://evil.example' }],
    ['another type', { ...ROW, revision: '2' }],
    ['one member more', { ...ROW, note: null }],
    ['one member less', { gateway: 'g1', url: 'https://a.example' }],
  ])('does not hold for %s', (_name, row) => {
    expect(rows.matches('config', row, tag)).toBe(false);
  });

  it('means nothing for another purpose or under another key', () => {
    expect(rows.matches('server', ROW, tag)).toBe(false);
    expect(new RowsMac([newRingKey()]).matches('config', ROW, tag)).toBe(false);
  });

  it.each(['', 'zz', tag.toUpperCase(), `${tag}00`, tag.slice(2)])('is never %o', (text) => {
    expect(rows.matches('config', ROW, text)).toBe(false);
  });

  it('holds after rotation', () => {
    expect(new RowsMac([newRingKey(), key]).matches('config', ROW, tag)).toBe(true);
  });
});

describe("a caller key's code", () => {
  const scope = { keyId: 'k1', secret: 's', servers: ['b', 'a'], exp: 1_800_000_000 };
  const mac = callerKeyMac(rows, scope);
  const callers = new CallersMac(callersRing([key]));

  it('holds for the secret within its scope', () => {
    expect(callers.matches({ ...scope, servers: ['a', 'b'] }, mac)).toBe(true);
  });

  it.each<[string, object]>([
    ['another secret', { secret: 't' }],
    ['another key', { keyId: 'k2' }],
    ['more servers', { servers: ['a', 'b', 'c'] }],
    ['all servers', { servers: '*' }],
    ['a later end', { exp: 1_900_000_000 }],
    ['no end', { exp: null }],
  ])('does not hold for %s', (_name, changes) => {
    expect(callers.matches({ ...scope, ...changes }, mac)).toBe(false);
  });

  it('is checked with a key that authenticates no row', () => {
    expect(new RowsMac(withOne(callersRing([key]))).matches('config', ROW, rows.tag('config', ROW))).toBe(false);
  });

  it('is no row', () => {
    expect(rows.matches('config', { ...scope, servers: ['a', 'b'] }, mac)).toBe(false);
  });
});
