import type { EraRules } from './era-rules.js';
import { legacyDefinition } from './listed-item.js';
import { LEGACY_METHODS } from './method-table.js';
import { sessionHeaders } from './upstream-session.js';

/** Told with HTTP 200: legacy clients read a JSON-RPC error only there. */
const TOLD_AS_RESULT = new Set(['method_unknown', 'params_invalid']);

/** 2025-11-25, 2025-06-18 and 2025-03-26: initialize, sessions, nothing mirrored in headers. */
export const LEGACY_ERA: EraRules = {
  era: 'legacy',
  methods: LEGACY_METHODS,
  disconnectCancels: false,
  headers: undefined,
  httpStatus: (error) => (TOLD_AS_RESULT.has(error.code) ? 200 : error.status),
  // MCP 2025-11-25, resources, error handling.
  rpcCode: (error) => (error.code === 'resource_unknown' ? -32002 : error.rpc),
  // A 404 would end the client's session, and any other error status its transport.
  relayedErrorStatus: () => 200,
  allowsServerRequests: true,
  listedItem: legacyDefinition,
  resultMembers: {},
  listMembers: () => ({}),
  relayBody: (_request, body) => body,
  relayHeaders: (_request, _own, _headers, session) => sessionHeaders(session),
};
