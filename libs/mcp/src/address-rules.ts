import {
  type Destination,
  type IpAddress,
  isAddressListed,
  isHostListed,
  isInRange,
  parseAddress,
  parseRange,
  type Range,
  type UpstreamPolicy,
} from './upstream-policy.js';

// IANA special-purpose registries. Public IPv4 is everything except these ranges; public IPv6 is 2000::/3 except these, so
// every form that embeds an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) is excluded without being listed.
const IPV4_SPECIAL = ranges(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24',
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32',
);
const IPV6_GLOBAL = ranges('2000::/3');
const IPV6_SPECIAL = ranges('2001::/23 2001:db8::/32 2002::/16 3fff::/20');

/** Never allowed, whatever a policy lists: unspecified, multicast and broadcast addresses, and metadata services of clouds. */
const NEVER = ranges(
  '0.0.0.0/8 224.0.0.0/4 255.255.255.255/32 169.254.169.254/32 169.254.170.2/32 168.63.129.16/32 100.100.100.200/32',
  '::/128 ff00::/8 fd00:ec2::254/128 fd20:ce::254/128',
);
/** Allowed only if the range is listed. Listing a name is not enough: its owner could point it here. */
const LINK_LOCAL = ranges('169.254.0.0/16 fe80::/10');

/**
 * Whether a connection may go to this address: to public addresses, addresses that the policy lists, and addresses of a
 * host name that the policy lists (`destination`). Call it for the connected socket, before the first byte.
 */
export function isAddressAllowed(ip: string, policy: UpstreamPolicy, destination?: Destination): boolean {
  const address = parseAddress(ip);
  if (address === undefined || isInAny(address, NEVER)) return false;
  if (isPublic(address) || isAddressListed(address, policy)) return true;
  return destination !== undefined && !isInAny(address, LINK_LOCAL) && isHostListed(destination, policy);
}

function isPublic(address: IpAddress): boolean {
  if (address.kind() === 'ipv4') return !isInAny(address, IPV4_SPECIAL);
  return isInAny(address, IPV6_GLOBAL) && !isInAny(address, IPV6_SPECIAL);
}

function isInAny(address: IpAddress, list: Range[]): boolean {
  return list.some((range) => isInRange(address, range));
}

function ranges(...lines: string[]): Range[] {
  const parsed = lines.flatMap((line) => line.split(' ')).map((entry) => parseRange(entry));
  return parsed.filter((range) => range !== undefined);
}
