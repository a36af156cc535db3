import type { EraRules, UpstreamSession } from './era-rules.js';
import { legacyDefinition } from './listed-item.js';
import { LEGACY_METHODS } from './method-table.js';

/** Legacy clients read the JSON-RPC error only in a response with HTTP status 200. */
const SENT_WITH_HTTP_200 = new Set(['method_unknown', 'params_invalid']);

/** 2025-11-25, 2025-06-18 and 2025-03-26: `initialize`, sessions, and no headers that repeat the body. */
export const LEGACY_ERA: EraRules = {
  era: 'legacy',
  methods: LEGACY_METHODS,
  disconnectCancels: false,
  headers: undefined,
  httpStatus: (error) => (SENT_WITH_HTTP_200.has(error.code) ? 200 : error.status),
  // https://modelcontextprotocol.io/specification/2025-11-25/server/resources#error-handling
  rpcCode: (error) => (error.code === 'resource_unknown' ? -32002 : error.rpc),
  // With status 404 clients would end their session, and with any other error status their transport.
  relayedErrorStatus: () => 200,
  allowsServerRequests: true,
  listedItem: legacyDefinition,
  resultMembers: {},
  listMembers: () => ({}),
  relayBody: (_request, body) => body,
  relayHeaders: (_request, _own, _headers, session) => sessionHeaders(session),
};

/** The headers of every message within a session. */
export function sessionHeaders({ id, version }: UpstreamSession): [name: string, value: string][] {
  const headers: [string, string][] = [['mcp-protocol-version', version]];
  if (id !== undefined) headers.push(['mcp-session-id', id]);
  return headers;
}
