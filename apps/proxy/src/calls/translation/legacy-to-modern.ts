import { encodeMirrored, META, mirroredHeaders, NAMED_BY, ObjectText } from '@lethe/mcp';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import type { EraTranslation } from './era-translator.js';
import { editMeta, editRequest } from './edit-params.js';
import { LETHE_CLIENT_INFO } from '../../protocol/client-info.js';
import { dataOf, RPC } from '../../protocol/rpc-error.js';

/**
 * A legacy client, a modern upstream. The request says of itself what a session would have said, and offers nothing that
 * would need an answer of the client's: it could arrive at another replica than the one that holds the call.
 */
export const LEGACY_TO_MODERN: EraTranslation = {
  disconnectCancels: false,
  body: ({ message, target, credentials, session }) =>
    editRequest(
      message,
      target.body,
      { task: undefined },
      {
        [META.protocolVersion]: JSON.stringify(credentials.access.gateway.protocolVersion),
        [META.clientInfo]: JSON.stringify(session.client?.clientInfo ?? LETHE_CLIENT_INFO),
        [META.clientCapabilities]: '{}',
        [META.logLevel]: undefined,
      },
    ),
  // MCP 2026-07-28, streamable HTTP, standard request headers and custom headers from tool parameters.
  headers: ({ message, target, credentials }) => [
    ['mcp-protocol-version', credentials.access.gateway.protocolVersion],
    ['mcp-method', message.method],
    ...(NAMED_BY.has(message.method) ? [['mcp-name', encodeMirrored(target.item.own)] satisfies [string, string]] : []),
    ...mirroredHeaders(target.item.paramHeaders(), message.params['arguments']),
  ],
  result: ({ credentials }, json) => {
    const given = new ObjectText(json);
    const type = given.get('resultType');
    // Nothing was offered, so that nothing may be asked (MCP 2026-07-28, multi round-trip requests).
    if (type !== undefined && type !== '"complete"') throw upstreamFailed(credentials.access, 'input_required');
    return given.with({
      resultType: undefined,
      ttlMs: undefined,
      cacheScope: undefined,
      _meta: editMeta(given, { [META.serverInfo]: undefined }),
      // MCP 2025-11-25, tools, structured content: an object, where 2026-07-28 allows any value.
      structuredContent: objectOnly(given.get('structuredContent')),
    });
  },
  error: ({ message, credentials }, error) => {
    const isOurs = error.code === RPC.headerMismatch || error.code === RPC.versionUnsupported;
    if (isOurs) throw upstreamFailed(credentials.access, 'protocol');
    const isMissing = message.method === 'resources/read' && dataOf(error)['uri'] === message.params['uri'];
    if (error.code !== RPC.invalidParams || !isMissing) return { error, status: 200 };
    return { error: { ...error, code: RPC.resourceNotFound }, status: 200 };
  },
  notification: (_call, _method, json) => json,
};

function objectOnly(json: string | undefined): string | undefined {
  return json?.startsWith('{') ? json : undefined;
}
