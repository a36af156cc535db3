import { paramHeaderMismatch, encodeHeaderValue, META, standardHeaderMismatch, NAMED_BY } from '@lethe/mcp';
import type { EraRules } from './era-rules.js';
import { MODERN_METHODS } from './method-table.js';
import { withoutTasks } from './without-tasks.js';

/** 2026-07-28: no sessions; headers repeat parts of the body. */
export const MODERN_ERA: EraRules = {
  era: 'modern',
  methods: MODERN_METHODS,
  disconnectCancels: true,
  headers: {
    mismatch: (request, headers) => standardHeaderMismatch(request, (name) => headers.get(name)),
    paramMismatch: (request, params, headers) =>
      paramHeaderMismatch(params, request.params['arguments'], (name) => headers.get(name)),
  },
  httpStatus: (error) => error.status,
  rpcCode: (error) => error.rpc,
  // A 429 is about one upstream, not about this endpoint.
  relayedErrorStatus: (status) => (status < 500 && status !== 429 ? status : 200),
  allowsServerRequests: false,
  listedItem: (definition) => definition,
  resultMembers: { resultType: 'complete' },
  listMembers: ({ serverInfo, cacheScope, ttlMs }) => ({
    resultType: 'complete',
    ttlMs,
    cacheScope,
    _meta: { [META.serverInfo]: serverInfo },
  }),
  relayBody: withoutTasks,
  relayHeaders: (request, own, headers, session) => [
    ['mcp-protocol-version', session.version],
    ['mcp-method', request.method],
    ...(NAMED_BY.has(request.method) ? [['mcp-name', encodeHeaderValue(own)] satisfies [string, string]] : []),
    // Unknown ones MUST be forwarded:
    // https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-behavior-for-custom-headers
    ...headers.startingWith('mcp-param-'),
  ],
};
