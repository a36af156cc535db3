/**
 * All errors that clients can see: `code -> HTTP status, JSON-RPC code, fixed message`. A message never contains a value.
 * Lethe's own JSON-RPC codes are outside the reserved range (MCP 2026-07-28, basic, error codes).
 */
export const ERRORS = {
  // Admin API
  invalid_request: { status: 400, rpc: -32600, message: 'The request is not valid; see "errors"' },
  unauthenticated: { status: 401, rpc: 4010, message: 'An administrator token is required' },
  forbidden: { status: 403, rpc: 4030, message: 'This administrator may not do that' },
  not_found: { status: 404, rpc: 4040, message: 'The requested resource does not exist' },
  slug_taken: { status: 409, rpc: 4090, message: 'This slug is in use or was used before; a slug is never reused' },
  url_forbidden: { status: 400, rpc: 4000, message: 'This URL may not be registered' },
  mapping_forbidden: { status: 400, rpc: 4001, message: 'This passthrough mapping is not allowed' },
  name_clash: { status: 409, rpc: 4091, message: 'This exposed name is taken in this virtual server' },
  idempotency_mismatch: { status: 422, rpc: 4221, message: 'This Idempotency-Key was used for another request' },
  idempotency_running: { status: 409, rpc: 4098, message: 'The first request with this Idempotency-Key still runs' },
  conflict: { status: 409, rpc: 4092, message: 'The resource has changed; read it again' },
  header_clash: {
    status: 409,
    rpc: 4094,
    message: 'Two gateways of this virtual server would use the same passthrough header',
  },
  too_many_sessionful: {
    status: 409,
    rpc: 4095,
    message: 'A virtual server can have at most 16 gateways whose upstreams keep sessions',
  },
  session_token_too_large: {
    status: 409,
    rpc: 4099,
    message: 'The sessions of these gateways do not fit into one session token of 4 KiB; split the virtual server',
  },
  server_too_large: { status: 409, rpc: 4096, message: 'This virtual server is too large to publish; split it' },
  nothing_to_apply: { status: 409, rpc: 4097, message: 'This verification has no changes that wait for a review' },
  precondition_failed: { status: 412, rpc: 4120, message: 'The resource has changed; read it again' },
  credential_in_clear: {
    status: 400,
    rpc: 4002,
    message:
      'A credential was sent in clear, but only sealed ones are accepted: rotate it, then seal it with the lethe command',
  },
  unsupported_media_type: { status: 415, rpc: 4150, message: 'This content type is not accepted here' },
  payload_too_large: { status: 413, rpc: 4130, message: 'The body is longer than allowed' },
  no_slot: { status: 503, rpc: 5030, message: 'No connector has a free slot; try again shortly' },
  too_many_slots: {
    status: 429,
    rpc: 4290,
    message: 'You have reserved too many slots; use them or wait until they expire',
  },
  slot_gone: {
    status: 409,
    rpc: 4093,
    message: 'The slot is gone; start a new verification and seal the credential again',
  },
  credential_refused: {
    status: 422,
    rpc: 4220,
    message: 'The slot rejected the sealed credential; start a new verification and seal the credential again',
  },
  bus_captured: {
    status: 502,
    rpc: 5020,
    message: 'The reply is not from the slot: a stream may capture the handshake subjects',
  },
  bus_unavailable: { status: 503, rpc: 5031, message: 'The message bus is not available; try again shortly' },
  database_unavailable: { status: 503, rpc: 5032, message: 'The database is not available; try again shortly' },
  row_tampered: {
    status: 500,
    rpc: 5001,
    message: 'A stored row does not match its authentication code; it is not used',
  },
  internal: { status: 500, rpc: -32603, message: 'Internal error; the log has the request id' },
  // Proxy, HTTP level
  server_unknown: { status: 404, rpc: 4041, message: 'There is no virtual server at this address' },
  caller_unknown: {
    status: 401,
    rpc: 4011,
    message: 'This virtual server requires a valid caller key or token in the Authorization header',
  },
  origin_forbidden: { status: 403, rpc: 4031, message: 'This Origin is not allowed' },
  host_forbidden: { status: 403, rpc: 4032, message: 'This Host is not allowed' },
  method_not_allowed: { status: 405, rpc: 4050, message: 'This HTTP method is not allowed here' },
  header_illegal: { status: 400, rpc: 4003, message: 'A header is malformed, duplicated or not allowed' },
  header_too_large: { status: 431, rpc: 4310, message: 'A header is longer than 8 KiB' },
  session_unknown: { status: 404, rpc: 4042, message: 'The session is unknown or has ended; initialize again' },
  session_too_large: {
    status: 200,
    rpc: 4131,
    message: 'The sessions of this virtual server do not fit into one session token of 4 KiB',
  },
  not_ready: { status: 503, rpc: 5033, message: 'This replica has no routes yet' },
  // JSON-RPC level (MCP specification)
  parse_error: { status: 400, rpc: -32700, message: 'The body is not JSON' },
  message_invalid: { status: 400, rpc: -32600, message: 'The body is not one JSON-RPC message' },
  method_unknown: { status: 404, rpc: -32601, message: 'Method not found' },
  params_invalid: { status: 400, rpc: -32602, message: 'The parameters are not valid' },
  item_unknown: { status: 200, rpc: -32602, message: 'There is no such item on this virtual server' },
  // -32002 in the legacy era (MCP 2025-11-25, resources, error handling)
  resource_unknown: { status: 200, rpc: -32602, message: 'There is no such resource on this virtual server' },
  header_mismatch: {
    status: 400,
    rpc: -32020,
    message: 'A header that repeats the body is missing or differs from it',
  },
  // The code of a server without `server/discover`: clients then fall back to `initialize` (docs/operations/eras.md)
  discover_refused: {
    status: 400,
    rpc: -32601,
    message:
      'server/discover is not answered here: begin with initialize, which keeps the sessions of upstreams; or set "eras" of ' +
      'this virtual server to "both"',
  },
  era_refused: {
    status: 400,
    rpc: -32022,
    message: 'This virtual server serves legacy protocol versions only; set its "eras" to "both" to serve others',
  },
  version_unsupported: { status: 400, rpc: -32022, message: 'Unsupported protocol version' },
  // Proxy, about one upstream
  credential_required: { status: 200, rpc: 4012, message: 'A credential for an upstream is missing' },
  credential_ambiguous: {
    status: 200,
    rpc: 4013,
    message: 'The short passthrough header has no owner on this virtual server; use the exact one',
  },
  credential_malformed: {
    status: 200,
    rpc: 4014,
    message: 'A passthrough header does not have the form that its mapping requires',
  },
  upstream_rejected_credential: {
    status: 200,
    rpc: 4015,
    message: 'The upstream rejected the credential that you sent',
  },
  gateway_unavailable: { status: 200, rpc: 5034, message: 'This gateway is disabled or can not be used now' },
  upstream_unreachable: { status: 200, rpc: 5021, message: 'The upstream did not respond' },
  upstream_failed: { status: 200, rpc: 5022, message: 'The upstream failed or sent an invalid response' },
  input_unanswered: { status: 200, rpc: 4080, message: 'The client did not answer in time what the upstream asked' },
  stream_unavailable: { status: 503, rpc: 5035, message: 'The stream can not be resumed now; try again shortly' },
  upstream_redirected: { status: 200, rpc: 5023, message: 'The upstream redirects; redirects are not followed' },
} as const satisfies Record<string, { status: number; rpc: number; message: string }>;

/** Stable code of an error. */
export type ErrorCode = keyof typeof ERRORS;

/** Details that are safe to show: names of fields, headers, gateways and rules. Never a value from a request. */
export type ErrorDetail = Record<string, unknown>;

/** The only error whose code and detail are shown to clients. Any other error becomes `internal`. */
export class LetheError extends Error {
  override readonly name = 'LetheError';
  readonly status: number;
  readonly rpc: number;

  constructor(
    readonly code: ErrorCode,
    readonly detail: ErrorDetail = {},
    options?: { cause?: unknown },
  ) {
    super(ERRORS[code].message, options);
    this.status = ERRORS[code].status;
    this.rpc = ERRORS[code].rpc;
  }
}
