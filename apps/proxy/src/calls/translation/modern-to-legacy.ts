import { META, ObjectText } from '@lethe/mcp';
import { serverInfoJson } from '../../protocol/list-metadata.js';
import type { EraTranslation } from './era-translator.js';
import { editMeta, editRequest } from './edit-params.js';
import { dataOf, RPC } from '../../protocol/rpc-error.js';
import { sessionHeaders } from '../../protocol/upstream-session.js';
import { logLevelOf } from '../../protocol/envelope.js';
import { urlsNotOffered } from './url-elicitation.js';

/** HTTP statuses that MCP 2026-07-28 asks for (basic, error codes); 200 for all other codes. */
const STATUS: Readonly<Record<number, number>> = { [RPC.methodNotFound]: 404, [RPC.missingClientCapability]: 400 };

/** Members that only some results carry (MCP 2026-07-28, caching); how long the upstream's are good for is not known. */
const CACHE: Readonly<Record<string, Record<string, string>>> = {
  'resources/read': { ttlMs: '0', cacheScope: '"private"' },
};

/** Notifications of a legacy upstream that belong to a call; the others have their own stream in the modern era. */
const OF_A_CALL = new Set(['notifications/progress', 'notifications/message']);

/** A modern client, a legacy upstream. */
export const MODERN_TO_LEGACY: EraTranslation = {
  disconnectCancels: true,
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
  result: ({ message, caller }, json) => {
    const given = new ObjectText(json);
    return given.with({
      resultType: '"complete"',
      ...CACHE[message.method],
      _meta: editMeta(given, { [META.serverInfo]: serverInfoJson(caller.server) }),
    });
  },
  error: (call, error) => {
    if (error.code === RPC.urlElicitationRequired) return urlsNotOffered(error);
    if (error.code !== RPC.resourceNotFound) return { error, status: STATUS[error.code] ?? 200 };
    const data = { ...dataOf(error), uri: call.message.params['uri'] ?? null };
    return { error: { ...error, code: RPC.invalidParams, data }, status: 200 };
  },
  notification: ({ message }, method, json) => {
    if (!OF_A_CALL.has(method)) return undefined;
    return method === 'notifications/message' && logLevelOf(message) === undefined ? undefined : json;
  },
};
