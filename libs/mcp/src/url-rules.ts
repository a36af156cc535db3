import { isAddressAllowed } from './address-rules.js';
import { looksLikeToken, looksSecretParameter } from './secret-looks.js';
import { isHostListed, isLoopbackHost, normalHost, parseAddress, type UpstreamPolicy } from './upstream-policy.js';

/** The rules for URLs, as shown to a user whose URL breaks one. */
export const URL_PROBLEMS = {
  too_long: 'It is longer than 2,048 characters',
  not_a_url: 'It is not an absolute URL in plain form',
  scheme: 'Its scheme is neither https nor http',
  userinfo: 'It contains a user name or password; enter credentials at the prompt, not in URLs',
  fragment: 'It has a fragment',
  secret_in_query: 'Its query seems to contain a secret; URLs are stored, credentials are not',
  secret_in_path: 'Its path seems to contain a secret; URLs are stored, credentials are not',
  private_host: 'Its host is a private name that LETHE_ALLOWED_UPSTREAMS does not list',
  private_address: 'Its host is a private or special address that LETHE_ALLOWED_UPSTREAMS does not list',
  http_only_on_loopback: 'It is http, which is allowed on loopback only: a client secret is sent to it',
  http_only_for_allowed_hosts: 'It is http, which is allowed only for private hosts that LETHE_ALLOWED_UPSTREAMS lists',
} as const;
/** A rule that a URL breaks. */
export type UrlProblem = keyof typeof URL_PROBLEMS;

const MAX_URL_CHARACTERS = 2_048;
const PRIVATE_SUFFIXES =
  /(^|\.)(local|localhost|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|onion)$/;
const METADATA_HOSTS = new Set(['metadata.goog', 'metadata.azure.com', 'metadata.tencentyun.com', 'instance-data']);

/** The first rule that an upstream URL breaks; undefined if there is none. Does not resolve its host. */
export function upstreamUrlProblem(url: string, policy: UpstreamPolicy): UrlProblem | undefined {
  const problem = urlSecretProblem(url);
  if (problem !== undefined) return problem;
  return hostProblem(new URL(url), policy);
}

/** Like `upstreamUrlProblem`, without the operator's policy: the rules that a client can check itself. */
export function urlSecretProblem(url: string): UrlProblem | undefined {
  if (url.length > MAX_URL_CHARACTERS) return 'too_long';
  // URL parsers remove tabs and line breaks and convert backslashes. A URL that people and parsers read differently is rejected.
  if (!/^[\x21-\x5b\x5d-\x7e\u00a1-\uffff]+$/.test(url) || !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(url))
    return 'not_a_url';
  if (!URL.canParse(url)) return 'not_a_url';
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'scheme';
  if (/^[^/?#]*\/\/[^/?#]*@/.test(url)) return 'userinfo';
  if (url.includes('#')) return 'fragment';
  if ([...parsed.searchParams].some(([name, value]) => looksSecretParameter(name, value))) return 'secret_in_query';
  return looksLikeToken(decoded(parsed.pathname)) ? 'secret_in_path' : undefined;
}

/** Like `urlSecretProblem`, for the token endpoint of an authorization server. */
export function tokenUrlProblem(url: string): UrlProblem | undefined {
  const problem = urlSecretProblem(url);
  if (problem !== undefined) return problem;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopbackHost(normalHost(hostname)) ? undefined : 'http_only_on_loopback';
}

/**
 * The canonical form of a URL, which is compared in orders, offers and receipts: WHATWG form, no trailing dot in the host,
 * no empty query.
 * @throws Error with a fixed text if it is not a URL
 */
export function canonicalUrl(url: string): string {
  if (!URL.canParse(url)) throw new Error('Not a URL');
  const parsed = new URL(url);
  parsed.hash = '';
  parsed.hostname = parsed.hostname.replace(/\.$/, '');
  if (parsed.search === '') parsed.search = '';
  return parsed.href;
}

/**
 * Whether a URL belongs to a resource: it is the same, or below it at its origin (RFC 9728, section 3.3, as the SDKs of MCP read
 * it). A slash at the end is no difference.
 */
export function isOfResource(url: string, resource: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(resource)) return false;
  const [wanted, root] = [new URL(url), new URL(resource)];
  const folder = ({ pathname }: URL): string => (pathname.endsWith('/') ? pathname : `${pathname}/`);
  return root.origin === wanted.origin && folder(wanted).startsWith(folder(root));
}

/** The port of a URL, or the default port of its scheme. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function hostProblem(parsed: URL, policy: UpstreamPolicy): UrlProblem | undefined {
  const hostname = normalHost(parsed.hostname);
  const destination = { hostname, port: portOf(parsed) };
  const isListed = isHostListed(destination, policy);
  const address = parseAddress(hostname);
  if (address !== undefined) {
    if (!isAddressAllowed(hostname, policy, destination)) return 'private_address';
    const isPublic = isAddressAllowed(hostname, { allowed: [] });
    return parsed.protocol === 'http:' && isPublic && !isListed ? 'http_only_for_allowed_hosts' : undefined;
  }
  if (isListed) return undefined;
  if (isPrivateName(hostname)) return 'private_host';
  return parsed.protocol === 'http:' ? 'http_only_for_allowed_hosts' : undefined;
}

function isPrivateName(hostname: string): boolean {
  const isSingleLabel = !hostname.includes('.');
  return isSingleLabel || PRIVATE_SUFFIXES.test(hostname) || METADATA_HOSTS.has(hostname);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
