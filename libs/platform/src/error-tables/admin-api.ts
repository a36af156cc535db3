import type { ErrorTable } from './error-table.js';

/** Errors of the admin API: 11xx. */
export const ADMIN_API_ERRORS = {
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
} as const satisfies ErrorTable;
