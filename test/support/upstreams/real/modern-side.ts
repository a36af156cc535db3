import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { ScriptedExchange } from '../scripted-upstream.js';
import { answer, asksClient, FORM, said, type Visit } from './items.js';
import type { OfferedEra, RealServer } from './real-server.js';
import { sendMessage } from './results.js';

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CACHEABLE = new Set([
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
]);

/** The modern era of one fixture: every request stands alone. */
export function serveModern(server: RealServer, offered: OfferedEra, exchange: ScriptedExchange): void {
  const { message } = exchange;
  const { method = '' } = message;
  const params = JSON.parse(JSON.stringify(message.params ?? {})) as JsonObject;
  const declared = isObject(params['_meta']) ? params['_meta'][CAPABILITIES] : undefined;
  const visit: Visit = { server, offered, era: 'modern', capabilities: isObject(declared) ? declared : {}, counted: 0 };
  if (method === 'server/discover') return complete(visit, exchange, discovered(server, offered));
  if (asksClient(visit, method, params)) return ask(visit, exchange, params['inputResponses']);
  const answered = answer(visit, method, params);
  if ('result' in answered) return complete(visit, exchange, answered.result);
  exchange.replyError(answered.error.code === -32601 ? 404 : 200, answered.error);
}

function discovered({ instructions }: RealServer, { capabilities }: OfferedEra): JsonObject {
  return {
    supportedVersions: ['2026-07-28'],
    capabilities,
    ...(instructions !== undefined && { instructions }),
  };
}

function ask(visit: Visit, exchange: ScriptedExchange, responses: JsonValue | undefined): void {
  const given = isObject(responses) ? responses['sure'] : undefined;
  if (isObject(given)) return complete(visit, exchange, said(JSON.stringify(given)));
  if (!('elicitation' in visit.capabilities)) {
    return exchange.replyError(400, {
      code: -32021,
      message: 'The client can not be asked',
      data: { requiredCapabilities: { elicitation: { form: {} } } },
    });
  }
  const sure = { method: 'elicitation/create', params: FORM };
  send(visit, exchange, { resultType: 'input_required', inputRequests: { sure } });
}

function complete(visit: Visit, exchange: ScriptedExchange, result: JsonObject): void {
  const cache: JsonObject = CACHEABLE.has(exchange.message.method ?? '') ? { ttlMs: 0, cacheScope: 'private' } : {};
  send(visit, exchange, { ...result, resultType: 'complete', ...cache });
}

function send({ server, offered }: Visit, { message, response }: ScriptedExchange, result: JsonObject): void {
  const { name, version, identity } = server;
  const _meta = { 'io.modelcontextprotocol/serverInfo': { name, version, ...identity } };
  sendMessage(response, offered.results, { id: message.id, result: { ...result, _meta } });
}
