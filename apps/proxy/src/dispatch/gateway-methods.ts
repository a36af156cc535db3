import { encodeResult, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { MethodRule } from '../protocol/method-table.js';
import type { SubscriptionsListen } from '../notifications/subscriptions/subscriptions-listen.js';
import type { LiveList } from '../lists/live-list.js';
import { isLive, type LiveLists } from '../lists/live-lists.service.js';
import type { Lists } from '../lists/lists.service.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { Initialize } from './initialize.js';
import { declares } from '../protocol/capabilities.js';
import type { Session } from '../sessions/session.js';
import type { ClientResponses } from '../server-requests/client-responses.js';
import type { DecodedCall } from '../protocol/message.js';
import type { McpHttpRequest } from '../protocol/exchange.js';

/** What Lethe answers itself, without an upstream or on behalf of all of them. */
export type GatewayRule = Exclude<MethodRule, { by: 'relay' | 'complete' }>;

interface Asked {
  readonly exchange: McpHttpRequest;
  readonly call: DecodedCall;
  readonly session: Session;
}

type Answers = {
  [By in GatewayRule['by']]: (asked: Asked, rule: Extract<GatewayRule, { by: By }>) => Promise<void> | void;
};

/** Answers methods that no single upstream is asked for; one entry per way of `MethodRule`. */
export class GatewayMethods {
  private readonly gatewayMethods: Answers;

  constructor(
    lists: Lists,
    initialize: Initialize,
    broadcast: SessionBroadcast,
    clientResponses: ClientResponses,
    subscriptions: SubscriptionsListen,
    live: LiveLists,
  ) {
    this.gatewayMethods = {
      list: ({ exchange, call, session }, rule) => {
        const { caller, era } = call;
        const { id, method, params } = requestOf(call);
        const { headers, response } = exchange;
        const { cursor } = params;
        const tell = (own?: LiveList) =>
          response.sendResult(id, lists.page(caller.server, era, rule, cursor, own), headers);
        return isLive(caller.server) ? live.fetch({ caller, headers, session, method, rule }).then(tell) : tell();
      },
      discover: ({ exchange, call }) =>
        response(exchange, requestOf(call), lists.discover(call.caller.server, call.era)),
      listen: ({ exchange, call }) => subscriptions.listen(exchange, call, requestOf(call)),
      ping: ({ exchange, call }) => response(exchange, requestOf(call), '{}'),
      initialize: async ({ exchange, call }) => {
        const { resultJson, token } = await initialize.answer(call, requestOf(call), exchange.headers);
        response(exchange, requestOf(call), resultJson, { 'mcp-session-id': token });
      },
      broadcast: async ({ exchange, call, session }) => {
        exchange.response.sendEmpty(202);
        await broadcast.notify(exchange.headers, call.caller, session, exchange.body);
      },
      'log-level': async ({ exchange, call, session }) => {
        const request = requestOf(call);
        const understands = (gateway: Gateway): boolean => declares(gateway, 'logging');
        if (!call.caller.server.gateways.some(understands)) throw new LetheError('method_unknown');
        assertLevel(request.params['level']);
        await broadcast.request(exchange.headers, call.caller, session, exchange.body, understands);
        response(exchange, request, '{}');
      },
      progress: ({ exchange, call, session }) => clientResponses.progress(exchange, call, session),
      accept: ({ exchange }) => exchange.response.sendEmpty(202),
    };
  }

  /** @returns what is not done at once */
  answer(rule: GatewayRule, asked: Asked): Promise<void> | void {
    const answer: (asked: Asked, rule: never) => Promise<void> | void = this.gatewayMethods[rule.by];
    return answer(asked, rule as never);
  }
}

/** RFC 5424, as MCP 2025-11-25 spells them (logging, log levels). */
const LEVELS = new Set(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);

/** @throws LetheError `params_invalid` */
function assertLevel(level: unknown): void {
  if (typeof level !== 'string' || !LEVELS.has(level)) throw new LetheError('params_invalid', { member: 'level' });
}

/** @throws LetheError `message_invalid` when a method that wants an answer came without an id */
function requestOf({ message }: DecodedCall): RpcRequest {
  if (message.kind !== 'request') throw new LetheError('message_invalid', { rule: 'id_missing' });
  return message;
}

function response(
  exchange: McpHttpRequest,
  request: RpcRequest,
  resultJson: string,
  headers: Record<string, string> = {},
): void {
  exchange.response.sendJson(200, encodeResult(request.id, resultJson), headers);
}
