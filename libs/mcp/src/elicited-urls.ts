import { isAddressAllowed } from './address-rules.js';
import { isInRange, normalHost, parseAddress, parseRange } from './upstream-policy.js';

const MAX_CHARACTERS = 8_192;
const PRINTABLE = /^[!-[\]-~]+$/;
const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => [parseRange(range)].filter((one) => one !== undefined));
const PUBLIC_ONLY = { allowed: [] };

/**
 * The URL that a person may be asked to open, in the form in which it is shown; undefined if it may not be opened. It is
 * https, without a user name, and with no private address as its host, unless the gateway itself is at that address. A
 * gateway on loopback may also name http URLs on loopback.
 * https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#safe-url-handling
 * @param gatewayHost of the gateway's registered URL
 */
export function elicitedUrl(url: string, gatewayHost: string): string | undefined {
  if (url.length > MAX_CHARACTERS || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const { protocol, username, password } = parsed;
  const host = normalHost(parsed.hostname);
  const gateway = normalHost(gatewayHost);
  const isLocal = isLoopback(host);
  const isBesideGateway = isLocal ? isLoopback(gateway) : host === gateway;
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLocal && isBesideGateway);
  if (!isSafe || host === '' || username !== '' || password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(url))
    return undefined;
  const isPrivate = isLocal || (parseAddress(host) !== undefined && !isAddressAllowed(host, PUBLIC_ONLY));
  if (isPrivate && !isBesideGateway) return undefined;
  // Parsers leave out line breaks and read a backslash as a slash: people see what is opened.
  return PRINTABLE.test(url) && /^https?:\/\/[^/]/i.test(url) ? url : parsed.href;
}

function isLoopback(host: string): boolean {
  const address = parseAddress(host);
  if (address === undefined) return host === 'localhost' || host.endsWith('.localhost');
  return LOOPBACK.some((range) => isInRange(address, range));
}
