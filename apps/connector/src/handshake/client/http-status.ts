import { HandshakeFailure } from '../outcome/handshake-failure.js';

/**
 * The failure that an HTTP status means by itself. Statuses such as 400, 404 and 405 give `undefined`, because they may
 * mean that the server speaks an older era; 401, 403, redirects and server errors never do.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export function failureOfStatus(httpStatus: number): HandshakeFailure | undefined {
  if (httpStatus === 401) return new HandshakeFailure('credential_rejected', { httpStatus });
  if (httpStatus === 403) return new HandshakeFailure('upstream_forbidden', { httpStatus });
  if (httpStatus >= 300 && httpStatus < 400) return new HandshakeFailure('upstream_redirected', { httpStatus });
  if (httpStatus === 407 || httpStatus === 429 || httpStatus >= 500) {
    return new HandshakeFailure('upstream_http_error', { httpStatus });
  }
  return undefined;
}
