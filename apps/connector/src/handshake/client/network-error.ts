import type { HandshakeCode } from '@lethe/contracts';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** Error codes of Node.js, OpenSSL and undici, and the handshake code for each. */
const CODES: readonly [RegExp, HandshakeCode][] = [
  [/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT)$/, 'upstream_unreachable'],
  [/^UND_ERR_CONNECT_TIMEOUT$/, 'upstream_unreachable'],
  [
    /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/,
    'upstream_tls_failed',
  ],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, 'upstream_timeout'],
  [/^UND_ERR_(HEADERS_OVERFLOW|RES_EXCEEDED_MAX_SIZE)$/, 'upstream_too_large'],
  [/^(HPE_|undecodable_body$)/, 'upstream_protocol_error'],
  [/^address_forbidden$/, 'address_forbidden'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'upstream_closed'],
];

/** Maps a thrown error to a closed code. Only the machine-readable code is used: messages may quote the upstream. */
export function failureOf(error: unknown): HandshakeFailure {
  if (error instanceof HandshakeFailure) return error;
  const code = codeOf(error);
  const match = CODES.find(([pattern]) => pattern.test(code));
  return new HandshakeFailure(match?.[1] ?? 'upstream_closed');
}

/** Resolves with a failure instead of rejecting with it. */
export function settled<T>(work: Promise<T>): Promise<T | HandshakeFailure> {
  return work.catch((error: unknown) => failureOf(error));
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('cause' in error) return codeOf(error.cause);
  return '';
}
