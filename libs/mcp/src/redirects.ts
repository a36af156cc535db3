import type { ResponseHeaders } from './response-head.js';
import { canonicalUrl, urlSecretProblem } from './url-rules.js';

/** Redirects to another address of the same resource. 302 and 303 often lead to a sign-in page. */
const MOVED = new Set([301, 307, 308]);

/**
 * The URL to register instead of one that redirects; undefined unless it is certainly of the same server, and shows no secret:
 * of the registered URL's origin, or its https form where both ports are the default ones. The query is the registered one: a
 * redirect repeats the parameters of its request, and a mapping may have put the caller's credential into them.
 */
export function urlToRegister(registered: string, status: number, { location }: ResponseHeaders): string | undefined {
  if (!MOVED.has(status) || typeof location !== 'string' || !URL.canParse(location, registered)) return undefined;
  const from = new URL(registered);
  const to = new URL(location, from);
  if (!isSameServer(from, to) || to.username !== '' || to.password !== '') return undefined;
  to.search = from.search;
  const url = canonicalUrl(to.href);
  return url === canonicalUrl(registered) || urlSecretProblem(url) !== undefined ? undefined : url;
}

function isSameServer(from: URL, to: URL): boolean {
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '';
  return from.origin === to.origin || (isUpgrade && from.hostname === to.hostname);
}
