import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What one caller can take any address of: of IPv6 the first 64 bits (RFC 6177, section 2), of IPv4 the address. */
export function networkOf(address: string): string {
  // A connection that is gone has no address.
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress()
    ? parsed.toIPv4Address().toString()
    : parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(':'); // prettier-ignore
}
