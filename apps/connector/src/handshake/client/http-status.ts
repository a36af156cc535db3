import { AUTH_SCHEMES, type AuthScheme } from '@lethe/contracts';
import { type ResponseHeaders, retryAfterSeconds, urlToRegister } from '@lethe/mcp';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** What is known of a request and its response before the body is read. */
export interface ResponseFacts {
  httpStatus: number;
  headers?: ResponseHeaders;
  /** The registered URL, if that was requested. */
  url?: string | undefined;
  /** Whether the request had a credential. */
  hasCredential: boolean;
  /** `WWW-Authenticate` of the response. */
  challenge?: string | undefined;
}

/** Statuses whose `Retry-After` says when to try again. */
const SAYS_WHEN = new Set([429, 503]);

/**
 * The failure that an HTTP status means by itself. Statuses such as 400, 404 and 405 give `undefined`, because they may
 * mean that the server speaks an older era; 401, 403, redirects and server errors never do.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export function failureOfResponse({
  httpStatus,
  headers = {},
  url,
  hasCredential,
  challenge,
}: ResponseFacts): HandshakeFailure | undefined {
  if (httpStatus === 401) {
    const code = hasCredential ? 'credential_rejected' : 'credential_required';
    return new HandshakeFailure(code, { httpStatus, scheme: schemeAsked(challenge) });
  }
  if (httpStatus === 403) return new HandshakeFailure('upstream_forbidden', { httpStatus });
  if (httpStatus >= 300 && httpStatus < 400) {
    const registerUrl = url === undefined ? undefined : urlToRegister(url, httpStatus, headers);
    return new HandshakeFailure('upstream_redirected', { httpStatus, registerUrl });
  }
  if (httpStatus === 407 || httpStatus === 429 || httpStatus >= 500) {
    const seconds = SAYS_WHEN.has(httpStatus) ? retryAfterSeconds(headers, Date.now()) : undefined;
    return new HandshakeFailure('upstream_http_error', { httpStatus, retryAfterSeconds: seconds });
  }
  return undefined;
}

/**
 * The first known scheme of the challenges in `WWW-Authenticate`. Nothing else of the header is kept.
 * https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function schemeAsked(challenge = ''): AuthScheme | undefined {
  const unquoted = challenge.replace(/"(?:[^"\\]|\\.)*"/g, '');
  const named = /(?:^|,)[ \t]*(bearer|basic)(?=[ \t,]|$)(?![ \t]*=)/i.exec(unquoted)?.[1]?.toLowerCase();
  return AUTH_SCHEMES.find((scheme) => scheme === named);
}
