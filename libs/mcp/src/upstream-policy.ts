import ipaddr from 'ipaddr.js';

/** What an operator allows beyond the public internet: hosts, host:port, addresses, or CIDRs of private upstreams. */
export interface UpstreamPolicy {
  allowed: readonly string[];
}

/** Where a connection goes, as the URL says it. */
export interface Destination {
  /** As `URL.hostname` gives it (IPv6 in brackets or not). */
  hostname: string;
  port: number;
}

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;
export type Range = [IpAddress, number];

/** Parses an address in its strict form; undefined for octal, short, zoned or otherwise ambiguous forms. */
export function parseAddress(ip: string): IpAddress | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip);
  return !ip.includes('%') && ipaddr.IPv6.isValid(ip) ? ipaddr.IPv6.parse(ip) : undefined;
}

/** Whether the policy lists this host by name or address, on any port or on this one. */
export function isHostListed({ hostname, port }: Destination, policy: UpstreamPolicy): boolean {
  const host = normalHost(hostname);
  const withPort = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return policy.allowed.some((entry) => {
    const listed = entry.trim().toLowerCase();
    return normalHost(listed) === host || listed === withPort;
  });
}

/** Whether an address, or a CIDR around it, is listed. */
export function isAddressListed(address: IpAddress, policy: UpstreamPolicy): boolean {
  return policy.allowed.some((entry) => {
    const range = parseRange(entry.trim());
    return range !== undefined && isInRange(address, range);
  });
}

/** A CIDR or a single address; undefined for host names. */
export function parseRange(entry: string): Range | undefined {
  const [ip = '', prefix, ...rest] = entry.split('/');
  const address = parseAddress(unbracketed(ip));
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return [address, bits];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? [address, Number(prefix)] : undefined;
}

export function isInRange(address: IpAddress, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

/** A host name without brackets and trailing dot, lower case. */
export function normalHost(hostname: string): string {
  return unbracketed(hostname.toLowerCase()).replace(/\.$/, '');
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
