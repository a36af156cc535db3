import { encodeResult, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { MethodRule } from '../eras/method-table.js';
import type { LiveListsService } from '../lists/live-lists.service.js';
import type { ListsService } from '../lists/lists.service.js';
import type { FanOut } from '../sessions/fan-out.js';
import type { Initialize } from '../sessions/initialize.js';
import type { Session } from '../sessions/session.js';
import type { Call } from './call.js';
import type { Exchange } from './exchange.js';

/** What Lethe answers itself, without an upstream or on behalf of all of them. */
export type LocalRule = Exclude<MethodRule, { by: 'relay' }>;

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

  constructor(lists: ListsService, initialize: Initialize, fanOut: FanOut, live: LiveListsService) {
    this.answers = {
      list: async ({ exchange, call, session }, rule) => {
        const { caller, era } = call;
        const request = requestOf(call);
        const { headers } = exchange;
        const own = await live.fetch({ caller, headers, session, method: request.method, rule });
        reply(exchange, request, lists.page(caller.server, era, rule, request.params['cursor'], own));
      },
      discover: ({ exchange, call }) => reply(exchange, requestOf(call), lists.discover(call.caller.server, call.era)),
      ping: ({ exchange, call }) => reply(exchange, requestOf(call), '{}'),
      initialize: async ({ exchange, call }) => {
        const { resultJson, token } = await initialize.answer(call, requestOf(call), exchange.headers);
        reply(exchange, requestOf(call), resultJson, { 'mcp-session-id': token });
      },
      cancel: async ({ exchange, call, session }) => {
        exchange.reply.empty(202);
        await fanOut.notify(exchange.headers, call.caller, session, exchange.body);
      },
      accept: ({ exchange }) => exchange.reply.empty(202),
    };
  }

  async give(rule: LocalRule, asked: Asked): Promise<void> {
    const answer: (asked: Asked, rule: never) => Promise<void> | void = this.answers[rule.by];
    await answer(asked, rule as never);
  }
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
