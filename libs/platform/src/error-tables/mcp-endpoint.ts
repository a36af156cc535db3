import type { ErrorTable } from './error-table.js';

/** Errors of the MCP endpoint, at the level of HTTP and of JSON-RPC: 12xx, and those of the specification. */
export const MCP_ENDPOINT_ERRORS = {
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
} as const satisfies ErrorTable;
