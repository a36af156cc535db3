import type { ErrorTable } from './error-table.js';

/** Errors of the MCP endpoint about one upstream: 13xx. */
export const UPSTREAM_ERRORS = {
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
  dpop_proofs_used_up: {
    status: 200,
    rpc: 1316,
    message: 'No proof of possession is left for a request to the upstream',
  },
} as const satisfies ErrorTable;
