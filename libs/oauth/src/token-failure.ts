import type { FailureFacts, HandshakeCode } from '@lethe/contracts';
import { type NetworkFailure, networkFailure, UndecodableBody } from '@lethe/egress';

/** Why there is no access token. */
export type TokenFailureCode = Extract<
  HandshakeCode,
  | 'credential_malformed'
  | 'token_endpoint_forbidden'
  | 'token_endpoint_unreachable'
  | 'token_endpoint_tls_failed'
  | 'token_endpoint_refused'
  | 'token_response_invalid'
  | 'token_not_bearer'
>;

/** What is known of it beside its code. None of it is text of the authorization server. */
export type TokenFailureDetail = Pick<FailureFacts, 'why' | 'tokenError' | 'retryAfterSeconds'> & {
  httpStatus?: number;
};

/** No access token was issued. It quotes nothing of the request or the response. */
export class TokenFailure extends Error {
  override readonly name = 'TokenFailure';

  constructor(
    readonly code: TokenFailureCode,
    readonly detail: TokenFailureDetail = {},
  ) {
    super(code);
  }
}

const CODES: Readonly<Record<NetworkFailure, readonly [TokenFailureCode, TokenFailureDetail?]>> = {
  dns: ['token_endpoint_unreachable', { why: 'dns' }],
  refused: ['token_endpoint_unreachable', { why: 'refused' }],
  connect_timeout: ['token_endpoint_unreachable', { why: 'timeout' }],
  response_timeout: ['token_endpoint_unreachable', { why: 'timeout' }],
  reset: ['token_endpoint_unreachable'],
  tls: ['token_endpoint_tls_failed'],
  forbidden_address: ['token_endpoint_forbidden'],
  not_http: ['token_response_invalid'],
  too_large: ['token_response_invalid'],
};

/** Maps a thrown error to a failure with a closed code. */
export function tokenFailureOf(error: unknown): TokenFailure {
  if (error instanceof TokenFailure) return error;
  if (error instanceof UndecodableBody) return new TokenFailure('token_response_invalid');
  return new TokenFailure(...CODES[networkFailure(error) ?? 'reset']);
}
