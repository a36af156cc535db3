import { errors } from 'undici';

/**
 * Why a request to an upstream failed on the network.
 *
 * - `dns`: its name has no address now.
 * - `refused`: nothing accepts connections at its address, or no route leads there.
 * - `connect_timeout`, `response_timeout`: it accepted no connection in time, or did not send the next byte in time.
 * - `reset`: it closed the connection before the response was complete.
 * - `tls`: the TLS handshake failed.
 * - `forbidden_address`: it has an address that connections may not go to.
 * - `not_http`, `too_large`: it responded, with something that is not HTTP/1.1, or with too long a head.
 */
export type NetworkFailure =
  | 'dns'
  | 'refused'
  | 'connect_timeout'
  | 'response_timeout'
  | 'reset'
  | 'tls'
  | 'forbidden_address'
  | 'not_http'
  | 'too_large';

/** Error codes of Node.js, OpenSSL, undici and this library, and what each means. */
const CODES: readonly [RegExp, NetworkFailure][] = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'dns'],
  [/^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'refused'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'connect_timeout'],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, 'response_timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, 'reset'],
  [/^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/, 'tls'],
  [/^address_forbidden$/, 'forbidden_address'],
  [/^UND_ERR_(HEADERS_OVERFLOW|RES_EXCEEDED_MAX_SIZE)$/, 'too_large'],
  [/^HPE_/, 'not_http'],
];

/**
 * Tells why a request failed; undefined for an error that is not of the network. Only the machine-readable code is read: a
 * message may contain addresses, or text of the upstream.
 */
export function networkFailure(error: unknown): NetworkFailure | undefined {
  const code = codeOf(error);
  return CODES.find(([pattern]) => pattern.test(code))?.[1];
}

/** The first code of the error and its causes. undici's parser errors should have one, but have none (8.12.4). */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if (error instanceof errors.HTTPParserError) return 'HPE_';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}
