import { encodeMirrored, LETHE_CLIENT_INFO, META, mirroredHeaders, NAMED_BY, ObjectText } from '@lethe/mcp';
import { upstreamFailed } from '../upstreams/upstream-failure.js';
import type { Crossing } from './crossing.js';
import { editMeta, editRequest } from './edit-params.js';
import { dataOf, RPC } from './rpc-error.js';

/**
 * A legacy client, a modern upstream. The request says of itself what a session would have said, and offers nothing that
 * would need an answer of the client's: it could arrive at another replica than the one that holds the call.
 */
export const LEGACY_TO_MODERN: Crossing = {
  disconnectCancels: false,
  body: ({ request, body, lent, session }) =>
    editRequest(
      { request, body },
      { task: undefined },
      {
        [META.protocolVersion]: JSON.stringify(lent.grant.gateway.protocolVersion),
        [META.clientInfo]: JSON.stringify(session.client?.clientInfo ?? LETHE_CLIENT_INFO),
        [META.clientCapabilities]: '{}',
        [META.logLevel]: undefined,
      },
    ),
  // MCP 2026-07-28, streamable HTTP, standard request headers and custom headers from tool parameters.
  headers: ({ request, route, lent }) => [
    ['mcp-protocol-version', lent.grant.gateway.protocolVersion],
    ['mcp-method', request.method],
    ...(NAMED_BY.has(request.method) ? [['mcp-name', encodeMirrored(route.own)] satisfies [string, string]] : []),
    ...mirroredHeaders(route.mirroredArguments(), request.params['arguments']),
  ],
  result: ({ lent }, json) => {
    const given = new ObjectText(json);
    const type = given.get('resultType');
    // Nothing was offered, so that nothing may be asked (MCP 2026-07-28, multi round-trip requests).
    if (type !== undefined && type !== '"complete"') throw upstreamFailed(lent.grant, 'input_required');
    return given.with({
      resultType: undefined,
      ttlMs: undefined,
      cacheScope: undefined,
      _meta: editMeta(given, { [META.serverInfo]: undefined }),
      // MCP 2025-11-25, tools, structured content: an object, where 2026-07-28 allows any value.
      structuredContent: objectOnly(given.get('structuredContent')),
    });
  },
  error: ({ request, lent }, error) => {
    const isOurs = error.code === RPC.headerMismatch || error.code === RPC.versionUnsupported;
    if (isOurs) throw upstreamFailed(lent.grant, 'protocol');
    const isMissing = request.method === 'resources/read' && dataOf(error)['uri'] === request.params['uri'];
    if (error.code !== RPC.invalidParams || !isMissing) return { error, status: 200 };
    return { error: { ...error, code: RPC.resourceNotFound }, status: 200 };
  },
  notification: (_relayed, _method, json) => json,
};

function objectOnly(json: string | undefined): string | undefined {
  return json?.startsWith('{') ? json : undefined;
}
