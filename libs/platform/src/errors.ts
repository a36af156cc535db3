/**
 * All errors that clients can see: `code -> HTTP status, JSON-RPC code, fixed message`. A message never contains a value.
 * Lethe's own JSON-RPC codes are outside the reserved range (MCP 2026-07-28, basic, error codes): 11xx of the admin API,
 * 12xx of the MCP endpoint, 13xx about one upstream. None contains an HTTP status such as 401: some clients search an
 * error's text for these digits.
 */
export const ERRORS = {
  // Admin API
  invalid_request: { status: 400, rpc: -32600, message: 'The request is not valid; see "errors"' },
  unauthenticated: { status: 401, rpc: 1101, message: 'An administrator token is required' },
  forbidden: { status: 403, rpc: 1102, message: 'This administrator may not do that' },
  not_found: { status: 404, rpc: 1103, message: 'The requested resource does not exist' },
  slug_taken: { status: 409, rpc: 1104, message: 'This slug is in use, or was used before for another URL' },
  url_forbidden: { status: 400, rpc: 1105, message: 'This URL may not be registered' },
  mapping_forbidden: { status: 400, rpc: 1106, message: 'This passthrough mapping is not allowed' },
  name_clash: { status: 409, rpc: 1107, message: 'This exposed name is taken in this virtual server' },
  idempotency_mismatch: { status: 422, rpc: 1108, message: 'This Idempotency-Key was used for another request' },
  idempotency_running: { status: 409, rpc: 1109, message: 'The first request with this Idempotency-Key still runs' },
  conflict: { status: 409, rpc: 1110, message: 'The resource has changed; read it again' },
  header_clash: {
    status: 409,
    rpc: 1111,
    message: 'Two gateways of this virtual server would use the same passthrough header',
  },
  too_many_sessionful: {
    status: 409,
    rpc: 1112,
    message: 'A virtual server can have at most 16 gateways whose upstreams keep sessions',
  },
  session_token_too_large: {
    status: 409,
    rpc: 1113,
    message: 'The sessions of these gateways do not fit into one session token of 4 KiB; split the virtual server',
  },
  server_too_large: { status: 409, rpc: 1114, message: 'This virtual server is too large to publish; split it' },
  nothing_to_apply: { status: 409, rpc: 1115, message: 'This verification has no changes that wait for a review' },
  precondition_failed: { status: 412, rpc: 1116, message: 'The resource has changed; read it again' },
  credential_in_clear: {
    status: 400,
    rpc: 1117,
    message:
      'A credential was sent in clear, but only sealed ones are accepted: rotate it, then seal it with the lethe command',
  },
  unsupported_media_type: { status: 415, rpc: 1118, message: 'This content type is not accepted here' },
  payload_too_large: { status: 413, rpc: 1119, message: 'The body is longer than allowed' },
  no_slot: { status: 503, rpc: 1120, message: 'No connector is free for a verification; try again shortly' },
  too_many_slots: {
    status: 429,
    rpc: 1121,
    message: 'Too many of your verifications wait for a credential; finish or cancel them, or wait until they expire',
  },
  slot_gone: {
    status: 409,
    rpc: 1122,
    message: 'This verification takes no credential any more; start a new one and seal the credential again',
  },
  credential_refused: {
    status: 422,
    rpc: 1123,
    message: 'The sealed credential could not be opened; start a new verification and seal the credential again',
  },
  bus_captured: {
    status: 502,
    rpc: 1124,
    message: 'The reply is not from the slot: a stream may capture the handshake subjects',
  },
  bus_unavailable: { status: 503, rpc: 1125, message: 'The message bus is not available; try again shortly' },
  database_unavailable: { status: 503, rpc: 1126, message: 'The database is not available; try again shortly' },
  row_tampered: {
    status: 500,
    rpc: 1127,
    message: 'A stored row does not match its authentication code; it is not used',
  },
  role_required: { status: 403, rpc: 1140, message: 'Another role is needed for this; see "role"' },
  last_administrator: {
    status: 409,
    rpc: 1141,
    message: 'One administrator with the role admin must stay who is enabled and does not expire',
  },
  too_many_failures: {
    status: 429,
    rpc: 1142,
    message:
      'Too many requests without a valid token came from this address; a request with a valid one passes at once',
  },
  gateway_in_use: { status: 409, rpc: 1143, message: 'Virtual servers have this gateway and would lose its items' },
  secret_shown_once: {
    status: 409,
    rpc: 1144,
    message: 'This Idempotency-Key was answered with a secret, which is shown once and not stored',
  },
  answer_lost: {
    status: 409,
    rpc: 1152,
    message:
      'The request with this Idempotency-Key was done, but the registry ended before its answer was stored: read what is there',
  },
  too_many_roles: {
    status: 400,
    rpc: 1150,
    message: 'The grants of a virtual server can name at most 31 roles, besides *',
  },
  proxies_outdated: {
    status: 409,
    rpc: 1151,
    message: 'A live proxy is of a version that would ignore this; replace the proxies in "proxies" first',
  },
  key_replaced: { status: 409, rpc: 1180, message: 'Another key takes the place of this one already; see "id"' },
  import_refused: {
    status: 409,
    rpc: 1160,
    message: 'The document can not be applied, and nothing was changed; see "problems"',
  },
  too_many_streams: {
    status: 429,
    rpc: 1195,
    message: 'An administrator can have at most 8 streams of events at a time',
  },
  keeping_off: { status: 403, rpc: 1172, message: 'This deployment keeps no credentials' },
  kept_key_missing: { status: 409, rpc: 1173, message: 'There is no key yet to which kept credentials are sealed' },
  kept_refused: { status: 422, rpc: 1174, message: 'This was not sealed for the last offer of this gateway' },
  gateway_unverified: { status: 409, rpc: 1175, message: 'This gateway has not been verified yet' },
  too_many_probes: { status: 429, rpc: 1170, message: 'Too many probes of yours are running, or ran within a minute' },
  no_connector: { status: 503, rpc: 1171, message: 'No connector answered; try again shortly' },
  review_superseded: {
    status: 409,
    rpc: 1145,
    message: 'A newer verification has taken the place of this one: its changes can no longer be applied or rejected',
  },
  server_waits: {
    status: 409,
    rpc: 1146,
    message: 'Nothing of this gateway serves yet: apply the item of the kind `server`, too',
  },
  internal: { status: 500, rpc: -32603, message: 'Internal error; the log has the request id' },
  // Proxy, HTTP level
  server_unknown: { status: 404, rpc: 1201, message: 'There is no virtual server at this address' },
  caller_unknown: {
    status: 401,
    rpc: 1202,
    message: 'This virtual server requires a valid caller key or token in the Authorization header',
  },
  origin_forbidden: { status: 403, rpc: 1203, message: 'This Origin is not allowed' },
  host_forbidden: { status: 403, rpc: 1204, message: 'This Host is not allowed' },
  method_not_allowed: { status: 405, rpc: 1205, message: 'This HTTP method is not allowed here' },
  header_illegal: { status: 400, rpc: 1206, message: 'A header is malformed, duplicated or not allowed' },
  header_too_large: { status: 431, rpc: 1207, message: 'A header is longer than 8 KiB' },
  session_unknown: { status: 404, rpc: 1208, message: 'The session is unknown or has ended; initialize again' },
  session_too_large: {
    status: 200,
    rpc: 1209,
    message: 'The sessions of this virtual server do not fit into one session token of 4 KiB',
  },
  not_ready: { status: 503, rpc: 1210, message: 'This replica has no routes yet' },
  // Not 404, which ends a client's session
  server_disabled: {
    status: 503,
    rpc: 1211,
    message: 'This virtual server is switched off; ask its administrators when it is on again',
  },
  headers_too_large: {
    status: 431,
    rpc: 1212,
    message:
      'The request line and headers are longer together than the server accepts: leave out X-Upstream-* headers of gateways ' +
      'that are not used, or raise LETHE_MAX_HEADER_KIB of the proxy',
  },
  request_malformed: { status: 400, rpc: 1213, message: 'This is not an HTTP/1.1 request' },
  request_timeout: { status: 408, rpc: 1214, message: 'The request did not arrive completely in time' },
  http_version_unsupported: { status: 505, rpc: 1215, message: 'Only HTTP/1.1 and HTTP/1.0 are served here' },
  expectation_unsupported: {
    status: 417,
    rpc: 1216,
    message: 'Only the expectation of a continue response is met here',
  },
  rate_limited: { status: 429, rpc: 1217, message: 'This caller makes too many calls; wait, then call again' },
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
  credential_required: { status: 200, rpc: 1301, message: 'A credential for an upstream is missing' },
  credential_ambiguous: {
    status: 200,
    rpc: 1302,
    message: 'The short passthrough header has no owner on this virtual server; use the exact one',
  },
  credential_malformed: {
    status: 200,
    rpc: 1303,
    message: 'A passthrough header does not have the form that its mapping requires',
  },
  upstream_rejected_credential: {
    status: 200,
    rpc: 1304,
    message: 'The upstream rejected the credential, or does not allow this with it',
  },
  gateway_unavailable: { status: 200, rpc: 1305, message: 'This gateway is disabled or can not be used now' },
  upstream_unreachable: { status: 200, rpc: 1306, message: 'The upstream did not respond' },
  upstream_failed: { status: 200, rpc: 1307, message: 'The upstream failed or sent an invalid response' },
  input_unanswered: { status: 200, rpc: 1308, message: 'The client did not answer in time what the upstream asked' },
  stream_unavailable: { status: 503, rpc: 1309, message: 'The stream can not be resumed now; try again shortly' },
  upstream_redirected: { status: 200, rpc: 1310, message: 'The upstream redirects; redirects are not followed' },
  upstream_rate_limited: { status: 200, rpc: 1311, message: 'The upstream limits the rate of requests' },
  upstream_unavailable: { status: 200, rpc: 1312, message: 'The upstream is not available now' },
  kept_credential_rejected: { status: 200, rpc: 1313, message: 'The upstream rejected the kept credential' },
  kept_credential_only: { status: 200, rpc: 1314, message: 'Your own credential is not accepted: one is kept' },
  kept_not_granted: { status: 200, rpc: 1315, message: 'The kept credential is not granted to this caller' },
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
