import { describe, expect, it } from 'vitest';
import { isNetwork, TrustedProxies } from './trusted-proxies.js';

const trusted = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
/** @param values one for each header line */
const callerOf = (peer: string, ...values: string[]): string =>
  trusted.callerOf(
    peer,
    values.flatMap((value) => ['X-Forwarded-For', value]),
  );

describe('the address of a caller', () => {
  it.each<[why: string, peer: string, values: string[], caller: string]>([
    ['the peer itself, without a header', '203.0.113.9', [], '203.0.113.9'],
    ['what a trusted proxy says', '10.1.2.3', ['203.0.113.9'], '203.0.113.9'],
    ['the trusted proxy, if it says nothing', '10.1.2.3', [], '10.1.2.3'],
    ['the peer, whatever a stranger says', '203.0.113.9', ['198.51.100.1'], '203.0.113.9'],
    ['the neighbour of a trusted address', '192.0.2.8', ['198.51.100.1'], '192.0.2.8'],
    ['the last that is not trusted, of several hops', '10.1.2.3', ['203.0.113.9, 192.0.2.7,10.9.9.9'], '203.0.113.9'],
    ['not what the caller wrote before it', '10.1.2.3', ['127.0.0.1, 10.0.0.1, 203.0.113.9'], '203.0.113.9'],
    ['not what the caller wrote in a line of its own', '10.1.2.3', ['198.51.100.1', '203.0.113.9'], '203.0.113.9'],
    ['the first hop, if all are trusted', '10.1.2.3', ['10.5.5.5, 10.6.6.6'], '10.5.5.5'],
    ['the hop before garbage', '10.1.2.3', ['203.0.113.9, <script>, 10.6.6.6'], '10.6.6.6'],
    ['the peer, if there is only garbage', '10.1.2.3', ['unknown'], '10.1.2.3'],
    ['the peer, if there is nothing in it', '10.1.2.3', [''], '10.1.2.3'],
    ['the hop before a gap', '10.1.2.3', ['203.0.113.9,,10.6.6.6'], '10.6.6.6'],
    ['with a port', '10.1.2.3', ['203.0.113.9:51234'], '203.0.113.9'],
    ['IPv6', 'fd00::1', ['2001:db8::9'], '2001:db8::9'],
    ['IPv6 in brackets', 'fd00::1', ['[2001:db8::9]'], '2001:db8::9'],
    ['IPv6 with a port, behind an IPv4 hop', 'fd00::1', ['[2001:db8::9]:443, 10.1.1.1'], '2001:db8::9'],
    ['an IPv4 peer of an IPv6 socket', '::ffff:10.1.2.3', ['203.0.113.9'], '203.0.113.9'],
    ['an IPv4 stranger of an IPv6 socket', '::ffff:203.0.113.9', ['198.51.100.1'], '203.0.113.9'],
    ['an IPv4 hop written as IPv6', '10.1.2.3', ['::ffff:203.0.113.9'], '203.0.113.9'],
    ['without a zone', '10.1.2.3', ['fe80::1%eth0'], 'fe80::1'],
    ['a local peer without its zone', 'fe80::2%eth0', ['203.0.113.9'], 'fe80::2'],
    ['no name', '10.1.2.3', ['evil.example.com'], '10.1.2.3'],
  ])('is %s', (_why, peer, values, caller) => {
    expect(callerOf(peer, ...values)).toBe(caller);
  });

  it('is one of a trusted proxy in every form that a socket shows', () => {
    const forms = ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1', 'fd00::1%eth0', '192.0.2.7'];
    expect(forms.filter((form) => !trusted.has(form))).toEqual([]);
    expect(['', '::ffff:192.0.2.8', 'fe80::1%eth0', 'balancer'].filter((form) => trusted.has(form))).toEqual([]);
  });

  it('is not one of a trusted proxy because its family is the other one', () => {
    const everyV6 = new TrustedProxies(['::/0']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1'].map((form) => everyV6.has(form))).toEqual([false, false, true]);
    const everyV4 = new TrustedProxies(['0.0.0.0/0']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1'].map((form) => everyV4.has(form))).toEqual([true, true, false]);
    const mapped = new TrustedProxies(['::ffff:10.0.0.0/104', '::ffff:192.0.2.7']);
    expect(['10.1.2.3', '192.0.2.7', '192.0.2.8'].map((form) => mapped.has(form))).toEqual([true, true, false]);
  });

  it('is read from no other header', () => {
    const others = ['Forwarded', 'for=198.51.100.1', 'X-Real-IP', '198.51.100.1', 'x-forwarded-for', '203.0.113.9'];
    expect(trusted.callerOf('10.1.2.3', others)).toBe('203.0.113.9');
    expect(trusted.callerOf('10.1.2.3', others.slice(0, 4))).toBe('10.1.2.3');
  });

  it('is never a header, if no proxy is trusted', () => {
    expect(new TrustedProxies([]).callerOf('10.1.2.3', ['X-Forwarded-For', '203.0.113.9'])).toBe('10.1.2.3');
  });
});

describe('a network', () => {
  it('is an address or a CIDR', () => {
    for (const good of ['10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '::/0', 'fd00::1', 'fd00::/64']) {
      expect([good, isNetwork(good)]).toEqual([good, true]);
    }
    for (const bad of [
      '',
      'balancer',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0/8',
      'fd00::/129',
      '10.0.0.0/-1',
      'fe80::1%eth0',
    ]) {
      expect([bad, isNetwork(bad)]).toEqual([bad, false]);
    }
  });
});
