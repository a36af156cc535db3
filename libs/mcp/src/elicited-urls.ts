import { isAddressAllowed } from './address-rules.js';
import { isLoopbackHost, normalHost, parseAddress } from './upstream-policy.js';

const MAX_CHARACTERS = 8_192;
const PRINTABLE = /^[!-[\]-~]+$/;
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
  if (hasUserInfo(parsed, url) || !mayOpen(parsed, normalHost(gatewayHost))) return undefined;
  // Parsers leave out line breaks and read a backslash as a slash: people see what is opened.
  return PRINTABLE.test(url) && /^https?:\/\/[^/]/i.test(url) ? url : parsed.href;
}

function mayOpen({ protocol, hostname }: URL, gateway: string): boolean {
  const host = normalHost(hostname);
  if (host === '') return false;
  if (isLoopbackHost(host)) return isLoopbackHost(gateway) && (protocol === 'https:' || protocol === 'http:');
  const isPrivate = parseAddress(host) !== undefined && !isAddressAllowed(host, PUBLIC_ONLY);
  return protocol === 'https:' && (!isPrivate || host === gateway);
}

/** An empty user name is none to a parser, but people may read a host in front of the sign. */
function hasUserInfo({ username, password }: URL, written: string): boolean {
  return username !== '' || password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(written);
}
