import { encodeResult, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { MethodRule } from '../protocol/method-table.js';
import type { ListeningService } from '../notifications/subscriptions/subscriptions-listen.service.js';
import type { LiveList } from '../lists/live-list.js';
import { isLive, type LiveListsService } from '../lists/live-lists.service.js';
import type { ListsService } from '../lists/lists.service.js';
import type { GatewayRoute } from '../routes/table/gateway.js';
import type { FanOut } from '../upstream/session-broadcast.js';
import type { Initialize } from './initialize.js';
import { declares } from '../protocol/legacy-capabilities.js';
import type { Session } from '../sessions/session.js';
import type { ClientAnswers } from '../server-requests/client-responses.js';
import type { Call } from '../protocol/message.js';
import type { Exchange } from '../protocol/exchange.js';

/** What Lethe answers itself, without an upstream or on behalf of all of them. */
export type LocalRule = Exclude<MethodRule, { by: 'relay' | 'complete' }>;

interface Asked {
  readonly exchange: Exchange;
  readonly call: Call;
  readonly session: Session;
}

type Answers = {
  [By in LocalRule['by']]: (asked: Asked, rule: Extract<LocalRule, { by: By }>) => Promise<void> | void;
};

/** Answers methods that no single upstream is asked for; one entry per way of `MethodRule`. */
export class LocalAnswers {
  private readonly answers: Answers;

  constructor(
    lists: ListsService,
    initialize: Initialize,
    fanOut: FanOut,
    clientAnswers: ClientAnswers,
    listening: ListeningService,
    live: LiveListsService,
  ) {
    this.answers = {
      list: ({ exchange, call, session }, rule) => {
        const { caller, era } = call;
        const { id, method, params } = requestOf(call);
        const { headers, reply } = exchange;
        const { cursor } = params;
        const tell = (own?: LiveList) => reply.page(id, lists.page(caller.server, era, rule, cursor, own), headers);
        return isLive(caller.server) ? live.fetch({ caller, headers, session, method, rule }).then(tell) : tell();
      },
      discover: ({ exchange, call }) => reply(exchange, requestOf(call), lists.discover(call.caller.server, call.era)),
      listen: ({ exchange, call }) => listening.listen(exchange, call, requestOf(call)),
      ping: ({ exchange, call }) => reply(exchange, requestOf(call), '{}'),
      initialize: async ({ exchange, call }) => {
        const { resultJson, token } = await initialize.answer(call, requestOf(call), exchange.headers);
        reply(exchange, requestOf(call), resultJson, { 'mcp-session-id': token });
      },
      broadcast: async ({ exchange, call, session }) => {
        exchange.reply.empty(202);
        await fanOut.notify(exchange.headers, call.caller, session, exchange.body);
      },
      'log-level': async ({ exchange, call, session }) => {
        const request = requestOf(call);
        const understands = (gateway: GatewayRoute): boolean => declares(gateway, 'logging');
        if (!call.caller.server.gateways.some(understands)) throw new LetheError('method_unknown');
        assertLevel(request.params['level']);
        await fanOut.request(exchange.headers, call.caller, session, exchange.body, understands);
        reply(exchange, request, '{}');
      },
      progress: ({ exchange, call, session }) => clientAnswers.progress(exchange, call, session),
      accept: ({ exchange }) => exchange.reply.empty(202),
    };
  }

  /** @returns what is not done at once */
  give(rule: LocalRule, asked: Asked): Promise<void> | void {
    const answer: (asked: Asked, rule: never) => Promise<void> | void = this.answers[rule.by];
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
function requestOf({ message }: Call): RpcRequest {
  if (message.kind !== 'request') throw new LetheError('message_invalid', { rule: 'id_missing' });
  return message;
}

function reply(
  exchange: Exchange,
  request: RpcRequest,
  resultJson: string,
  headers: Record<string, string> = {},
): void {
  exchange.reply.json(200, encodeResult(request.id, resultJson), headers);
}
