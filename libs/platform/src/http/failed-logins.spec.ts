import { describe, expect, it } from 'vitest';
import { FailedLogins } from './failed-logins.js';

describe('failed logins', () => {
  const failing = (times: number, address = '192.0.2.1') => {
    const logins = new FailedLogins();
    for (let at = 0; at < times; at += 1) logins.fail(address, 0);
    return logins;
  };

  it('cost nothing ten times, then a wait that doubles with each that comes after it', () => {
    const logins = failing(9);
    expect(logins.fail('192.0.2.1', 0)).toBeUndefined();
    expect(logins.fail('192.0.2.1', 0)).toBe(1);
    expect(logins.fail('192.0.2.1', 1_000)).toBe(2);
    expect(logins.fail('192.0.2.1', 3_000)).toBe(4);
    let now = 7_000;
    for (let at = 0; at < 20; at += 1) now += (logins.fail('192.0.2.1', now) ?? 0) * 1_000;
    expect(logins.fail('192.0.2.1', now)).toBe(300);
  });

  it('are not counted while the address waits', () => {
    const logins = failing(11);
    for (let at = 0; at < 50; at += 1) expect(logins.fail('192.0.2.1', 500)).toBe(1);
    expect(logins.fail('192.0.2.1', 1_000)).toBe(2);
  });

  it('of one address are not those of another, but those of one IPv6 network are', () => {
    const logins = failing(11);
    expect(logins.fail('192.0.2.2', 0)).toBeUndefined();
    for (let at = 0; at < 10; at += 1) logins.fail(`2001:db8::${at}`, 0);
    expect(logins.fail('2001:db8::ffff', 0)).toBe(1);
    expect(logins.fail('2001:db8:0:1::', 0)).toBeUndefined();
  });

  it('of connections that are gone, which have no address, are those of one', () => {
    const logins = failing(10, '');
    expect(logins.fail('', 0)).toBe(1);
  });

  it('of many addresses take the memory of ten thousand: the oldest are forgotten', () => {
    const logins = failing(11);
    for (let at = 0; at < 20_000; at += 1) logins.fail(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, 0);
    expect(logins.fail('192.0.2.1', 0)).toBeUndefined();
  });
});
