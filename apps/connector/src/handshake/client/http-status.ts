import { AUTH_SCHEMES, type AuthScheme } from '@lethe/contracts';
import { challengedSchemes, type ResponseHeaders, urlToRegister, waitSeconds } from '@lethe/mcp';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** What is known of a request and its response before the body is read. */
export interface ResponseFacts {
  httpStatus: number;
  headers?: ResponseHeaders;
  /** The registered URL, if that was requested. */
  url?: string | undefined;
  /** Whether the request had a credential. */
  hasCredential: boolean;
}

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
}: ResponseFacts): HandshakeFailure | undefined {
  if (httpStatus === 401) {
    const code = hasCredential ? 'credential_rejected' : 'credential_required';
    const challenge = headers['www-authenticate'];
    const scheme = schemeAsked(challenge);
    return new HandshakeFailure(code, { httpStatus, scheme, ...(asksForProof(challenge) && { wantsProof: true }) });
  }
  if (httpStatus === 403) return new HandshakeFailure('upstream_forbidden', { httpStatus });
  if (httpStatus >= 300 && httpStatus < 400) {
    const registerUrl = url === undefined ? undefined : urlToRegister(url, httpStatus, headers);
    return new HandshakeFailure('upstream_redirected', { httpStatus, registerUrl });
  }
  if (httpStatus === 407 || httpStatus === 429 || httpStatus >= 500) {
    const retryAfterSeconds = waitSeconds(httpStatus, headers, Date.now());
    return new HandshakeFailure('upstream_http_error', { httpStatus, retryAfterSeconds });
  }
  return undefined;
}

/** The first scheme of the challenges that a credential can have. */
export function schemeAsked(header: string | string[] | undefined): AuthScheme | undefined {
  const known = challengedSchemes(header).flatMap(
    (name) => AUTH_SCHEMES.find((scheme) => scheme === name.toLowerCase()) ?? [],
  );
  return known[0];
}

/** Whether a token that is bound to a key is asked for (RFC 9449), and nothing else that a credential can be. */
function asksForProof(header: string | string[] | undefined): boolean {
  return schemeAsked(header) === undefined && challengedSchemes(header).some((name) => name.toLowerCase() === 'dpop');
}
