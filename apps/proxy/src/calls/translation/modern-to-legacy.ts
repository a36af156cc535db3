import { META } from '@lethe/mcp';
import { serverInfoJson } from '../../protocol/list-metadata.js';
import type { EraTranslation } from './era-translation.js';
import { editMeta, editRequest } from './edit-params.js';
import { dataOf, RPC } from '../../protocol/rpc-error.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import { logLevelOf } from '../../protocol/envelope.js';
import { urlModeNotSupported } from './url-elicitation.js';

/** JSON-RPC code -> HTTP status that the modern era requires; 200 for all other codes. */
const STATUS: Readonly<Record<number, number>> = { [RPC.methodNotFound]: 404, [RPC.missingClientCapability]: 400 };

/**
 * Caching members that some modern results require. A legacy upstream does not say how long its results may be cached.
 * https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching
 */
const CACHING: Readonly<Record<string, Record<string, string>>> = {
  'resources/read': { ttlMs: '0', cacheScope: '"private"' },
};

/** Notifications that belong to a call; in the modern era all others are sent on a `subscriptions/listen` stream. */
const CALL_NOTIFICATIONS = new Set(['notifications/progress', 'notifications/message']);

/** Modern client, legacy upstream. */
export const MODERN_TO_LEGACY: EraTranslation = {
  body: ({ message, target }) =>
    editRequest(
      message,
      target.body,
      { inputResponses: undefined, requestState: undefined },
      {
        [META.protocolVersion]: undefined,
        [META.clientInfo]: undefined,
        [META.clientCapabilities]: undefined,
        [META.logLevel]: undefined,
      },
    ),
  headers: (_call, session) => sessionHeaders(session),
  result: ({ message, caller }, original) =>
    original.with({
      resultType: '"complete"',
      inputRequests: undefined,
      ...CACHING[message.method],
      _meta: editMeta(original, { [META.serverInfo]: serverInfoJson(caller.server) }),
    }),
  error: (call, error) => {
    if (error.code === RPC.urlElicitationRequired) return urlModeNotSupported(error);
    if (error.code !== RPC.resourceNotFound) return { error, status: STATUS[error.code] ?? 200 };
    const data = { ...dataOf(error), uri: call.message.params['uri'] ?? null };
    return { error: { ...error, code: RPC.invalidParams, data }, status: 200 };
  },
  notification: ({ message }, method, json) => {
    if (!CALL_NOTIFICATIONS.has(method)) return undefined;
    return method === 'notifications/message' && logLevelOf(message) === undefined ? undefined : json;
  },
};
