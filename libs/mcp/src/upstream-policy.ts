import ipaddr from 'ipaddr.js';

/** The private upstreams that an operator allows: hosts, host:port, addresses or CIDRs. */
export interface UpstreamPolicy {
  allowed: readonly string[];
}

/** Where a connection goes, according to its URL. */
export interface Destination {
  /** As in `URL.hostname`; IPv6 with or without brackets. */
  hostname: string;
  port: number;
}

/** A parsed IP address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;
/** A network: its address and prefix length. */
export type Range = [IpAddress, number];

/** Parses an address in strict form; undefined for octal, short, zoned or otherwise ambiguous forms. */
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

/** Parses a CIDR or a single address; undefined for host names. */
export function parseRange(entry: string): Range | undefined {
  const [ip = '', prefix, ...rest] = entry.split('/');
  const address = parseAddress(unbracketed(ip));
  if (address === undefined || rest.length > 0) return undefined;
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return [address, bits];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? [address, Number(prefix)] : undefined;
}

/** Whether an address belongs to a network. */
export function isInRange(address: IpAddress, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

/** Normalises a host name: lower case, without brackets and trailing dot. */
export function normalHost(hostname: string): string {
  return unbracketed(hostname.toLowerCase()).replace(/\.$/, '');
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => [parseRange(range)].filter((one) => one !== undefined));

/** Whether a normal host is on loopback, by its address or by its name. */
export function isLoopbackHost(host: string): boolean {
  const address = parseAddress(host);
  if (address === undefined) return host === 'localhost' || host.endsWith('.localhost');
  return LOOPBACK.some((range) => isInRange(address, range));
}
