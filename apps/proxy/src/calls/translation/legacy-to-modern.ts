import { encodeHeaderValue, META, paramHeaders, NAMED_BY, ObjectText, LETHE_CLIENT_INFO, type RpcId } from '@lethe/mcp';
import { withoutRootChanges } from '../../protocol/capabilities.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import type { EraTranslation } from './era-translation.js';
import { editMeta, editRequest } from './edit-params.js';
import { dataOf, RPC } from '../../protocol/rpc-error.js';
import type { GivenInput } from './modern-input-requests.js';

/** Legacy client, modern upstream. The request itself carries the metadata of the session. */
export const LEGACY_TO_MODERN: EraTranslation = {
  body: ({ message, target, credentials, session }) =>
    editRequest(
      message,
      target.body,
      { task: undefined, ...NO_INPUT },
      {
        [META.protocolVersion]: JSON.stringify(credentials.access.served.protocolVersion),
        [META.clientInfo]: JSON.stringify(session.client?.clientInfo ?? LETHE_CLIENT_INFO),
        [META.clientCapabilities]: JSON.stringify(withoutRootChanges(session.clientCapabilities)),
        [META.logLevel]: undefined,
      },
    ),
  // https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#standard-request-headers
  headers: ({ message, target, credentials }) => [
    ['mcp-protocol-version', credentials.access.served.protocolVersion],
    ['mcp-method', message.method],
    ...(NAMED_BY.has(message.method)
      ? [['mcp-name', encodeHeaderValue(target.item.own)] satisfies [string, string]]
      : []),
    ...paramHeaders(target.item.paramHeaders(), message.params['arguments']),
  ],
  result: ({ credentials }, original) => {
    const type = original.get('resultType');
    // `input_required` is handled before, for the methods that may have it.
    if (type !== undefined && type !== '"complete"') throw upstreamFailed(credentials.access, 'input_required');
    return original.with({
      resultType: undefined,
      ttlMs: undefined,
      cacheScope: undefined,
      _meta: editMeta(original, { [META.serverInfo]: undefined }),
      // 2026-07-28 allows any value here, the legacy era only an object:
      // https://modelcontextprotocol.io/specification/2025-11-25/server/tools#structured-content
      structuredContent: objectOnly(original.get('structuredContent')),
    });
  },
  error: ({ message, credentials }, error) => {
    // These errors concern headers and a version that Lethe chose, not the client.
    const isLethesOwn = error.code === RPC.headerMismatch || error.code === RPC.versionUnsupported;
    if (isLethesOwn) throw upstreamFailed(credentials.access, 'protocol');
    const isNotFound = message.method === 'resources/read' && dataOf(error)['uri'] === message.params['uri'];
    if (error.code !== RPC.invalidParams || !isNotFound) return { error, status: 200 };
    return { error: { ...error, code: RPC.resourceNotFound }, status: 200 };
  },
  notification: (_call, _method, json) => json,
};

/** The members of a repeated request, which the legacy era does not have. */
const NO_INPUT = { inputResponses: undefined, requestState: undefined };

/** A translated request, repeated with the client's input. It is a request of its own, with its own id. */
export function requestWithInput(body: Buffer, id: RpcId, { responsesJson, requestStateJson }: GivenInput): Buffer {
  const message = new ObjectText(body.toString('utf8'));
  const params = message.object('params').with({ inputResponses: responsesJson, requestState: requestStateJson });
  return Buffer.from(message.with({ id: JSON.stringify(id), params }));
}

function objectOnly(json: string | undefined): string | undefined {
  return json?.startsWith('{') ? json : undefined;
}
