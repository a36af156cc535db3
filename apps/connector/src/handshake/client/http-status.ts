import { type ResponseHeaders, retryAfterSeconds, urlToRegister } from '@lethe/mcp';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** Statuses whose `Retry-After` says when to try again. */
const SAYS_WHEN = new Set([429, 503]);

/**
 * The failure that an HTTP status means by itself. Statuses such as 400, 404 and 405 give `undefined`, because they may
 * mean that the server speaks an older era; 401, 403, redirects and server errors never do.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 * @param url the registered URL, if that was requested
 */
export function failureOfStatus(
  httpStatus: number,
  headers: ResponseHeaders,
  url: string | undefined,
): HandshakeFailure | undefined {
  if (httpStatus === 401) return new HandshakeFailure('credential_rejected', { httpStatus });
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
