import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from './address-rules.js';

const NONE = { allowed: [] };
const EMBEDDED = { allowed: ['127.0.0.0/8', '::1', 'localhost'] };

/** First, middle or last address of each special-purpose block, and every family that embeds an IPv4 address in IPv6. */
const SPECIAL = `
  0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
  169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1
  192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
  224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
  :: ::1 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
  64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::7f00:1 2002:7f00:1::1 2002:a00:1:: 2001:0:7f00:1::1 2001::1 2001:1ff::1
  2001:db8::1 3fff::1 3fff:fff::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 febf::1 fec0::1 feff::1 ff02::1 ff0e::1
  100::1 100:0:0:1::1 5f00::1 4000::1 1fff::1 e000::1`
  .trim()
  .split(/\s+/);

const PUBLIC = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.1.1 172.15.0.1
  172.32.0.1 192.0.1.1 192.167.1.1 198.17.255.255 198.20.0.1 223.255.255.255 168.63.129.17
  2606:4700:4700::1111 2a00:1450:4001:81b::200e 2001:200::1 2001:4860:4860::8888 2003::1 2400::1 3ffe::1`
  .trim()
  .split(/\s+/);

/** Spellings that some parser reads as an address: none is one here. */
const ODD = `
  127.1 127.0.1 2130706433 0x7f.0.0.1 0x7f000001 0177.0.0.1 010.0.0.1 127.0.0.01 127.0.0.1. 127.0.0.1:80 127.0.0.256
  1.1.1 +1.1.1.1 1.1.1.1/32 [::1] ::1%lo fe80::1%eth0 2606:4700::1111%1 :::1 1::2::3 localhost example.com`
  .trim()
  .split(/\s+/);

describe('without a policy', () => {
  it.each(SPECIAL)('%s is not dialled', (ip) => {
    expect(isAddressAllowed(ip, NONE)).toBe(false);
  });

  it.each(PUBLIC)('%s is dialled', (ip) => {
    expect(isAddressAllowed(ip, NONE)).toBe(true);
  });

  it.each([...ODD, '', ' ', ' 1.1.1.1', '1.1.1.1\n', '１.１.１.１'])('%o is no address', (text) => {
    expect(isAddressAllowed(text, { allowed: ['0.0.0.0/0', '::/0', text] })).toBe(false);
  });
});

describe('a policy', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1'])('of the embedded default opens %s', (ip) => {
    expect(isAddressAllowed(ip, EMBEDDED)).toBe(true);
  });

  it.each(['::ffff:127.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '10.0.0.1', '::2', '0.0.0.0', '::'])(
    'of the embedded default does not open %s',
    (ip) => {
      expect(isAddressAllowed(ip, EMBEDDED)).toBe(false);
    },
  );

  it('opens exactly the ranges and addresses it lists', () => {
    const policy = { allowed: ['10.1.0.0/16', ' fd12::/16 ', '192.168.1.7', '[fe80::5]'] };
    expect(['10.1.2.3', 'fd12::9', '192.168.1.7', 'fe80::5'].map((ip) => isAddressAllowed(ip, policy))).not.toContain(
      false,
    );
    expect(['10.2.0.1', 'fd13::9', '192.168.1.8', 'fe80::6'].map((ip) => isAddressAllowed(ip, policy))).not.toContain(
      true,
    );
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    'fd00:ec2::254',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
  ])('never opens %s, whatever it lists', (ip) => {
    const policy = { allowed: ['0.0.0.0/0', '::/0', ip, 'upstream'] };
    expect(isAddressAllowed(ip, policy, { hostname: 'upstream', port: 443 })).toBe(false);
  });

  it.each(['', '/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0/8', 'x/8', '*'])(
    'entry %o opens nothing',
    (entry) => {
      expect(isAddressAllowed('10.0.0.1', { allowed: [entry] })).toBe(false);
    },
  );
});

describe('a listed host', () => {
  const policy = { allowed: ['upstream', 'MCP.internal:8443'] };

  it.each([
    ['upstream', 80, '172.18.0.4', true],
    ['upstream', 8080, 'fd00::4', true],
    ['mcp.internal', 8443, '10.0.0.4', true],
    ['mcp.internal.', 8443, '10.0.0.4', true],
    ['mcp.internal', 443, '10.0.0.4', false],
    ['other', 80, '172.18.0.4', false],
    ['xupstream', 80, '172.18.0.4', false],
    ['upstream', 80, '169.254.1.1', false],
    ['upstream', 80, 'fe80::1', false],
  ])('%s:%i may resolve to %s: %s', (hostname, port, ip, isAllowed) => {
    expect(isAddressAllowed(ip, policy, { hostname, port })).toBe(isAllowed);
  });
});
