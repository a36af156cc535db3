import { LetheError } from '@lethe/platform';
import type { CallersService } from '../callers/callers.service.js';
import type { MethodRule } from '../eras/method-table.js';
import type { JournalService, Trail } from '../journal/journal.service.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import { missingCredentialResult } from '../passthrough/missing-credential.js';
import type { FanOut } from '../sessions/fan-out.js';
import type { Session } from '../sessions/session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { UpstreamsService } from '../upstreams/upstreams.service.js';
import { type Call, decodeCall, idOf } from './call.js';
import type { Arrival, Exchange } from './exchange.js';
import type { LocalAnswers } from './local-answers.js';
import { asLetheError, Refusal } from './refusal.js';

type Relay = Extract<MethodRule, { by: 'relay' }>;

/** The hot path: from an admitted request to its whole answer (design section 4). */
export class ExchangeService {
  constructor(
    private readonly callers: CallersService,
    private readonly sessions: SessionsService,
    private readonly answers: LocalAnswers,
    private readonly upstreams: UpstreamsService,
    private readonly fanOut: FanOut,
    private readonly journal: JournalService,
  ) {}

  /** @throws LetheError before the message is known, Refusal after; ClientGone */
  async handle({ readBody, ...admitted }: Arrival): Promise<void> {
    const caller = await this.callers.identify(admitted);
    const exchange: Exchange = { ...admitted, body: await readBody() };
    if (exchange.method === 'GET') throw new LetheError('method_not_allowed');
    if (exchange.method === 'DELETE') {
      const session = this.sessions.continue(exchange.headers.get('mcp-session-id'), caller, '');
      await this.fanOut.end(exchange.headers, caller, session);
      return exchange.reply.empty(200);
    }
    const call = decodeCall(exchange, caller);
    await this.journal.follow(call, (trail) => this.carryOut(exchange, call, trail).catch(refuse(call)));
  }

  private async carryOut(exchange: Exchange, call: Call, trail: Trail): Promise<void> {
    const { message } = call;
    const session = this.sessions.open(exchange.headers, call);
    if (message.kind === 'response') return answerResponse(exchange, call);
    const rule = call.era.methods.get(message.method);
    if (!rule) return answerUnknown(exchange, call);
    if (rule.by !== 'relay') return this.answers.give(rule, { exchange, call, session });
    return this.relay(exchange, call, rule, session, trail);
  }

  private async relay(exchange: Exchange, call: Call, rule: Relay, session: Session, trail: Trail): Promise<void> {
    const { caller, message: request, era } = call;
    if (request.kind !== 'request') throw new LetheError('message_invalid', { rule: 'id_missing' });
    const named = request.params[rule.param];
    if (typeof named !== 'string') throw new LetheError('params_invalid', { member: rule.param });
    const route = caller.server.resolve(rule.kind, named);
    trail.gateway = route.gateway.slug;
    const mirror = era.argumentProblem(request, route.mirroredArguments(), exchange.headers);
    if (mirror) throw new LetheError('header_mismatch', { ...mirror });
    const grant = Grant.forItem(caller, route);
    const lent = Lent.fromHeaders(exchange.headers, grant);
    await this.upstreams.forward({ call, request, param: rule.param, route, lent, session, exchange });
  }
}

/** Nothing is asked of clients yet, so that no answer of theirs is waited for; in the modern era none can be posted. */
function answerResponse(exchange: Exchange, { era }: Call): void {
  if (!era.upstreamMayAsk) throw new LetheError('message_invalid', { rule: 'response' });
  exchange.reply.empty(202);
}

/** Notifications that mean nothing here are taken and dropped (JSON-RPC: they are never answered). */
function answerUnknown(exchange: Exchange, { message }: Call): void {
  if (message.kind === 'request') throw new LetheError('method_unknown');
  exchange.reply.empty(202);
}

function refuse(call: Call): (thrown: unknown) => never {
  return (thrown) => {
    if (thrown instanceof Error && thrown.name === 'ClientGone') throw thrown;
    const error = asLetheError(thrown);
    throw new Refusal(error, idOf(call.message), call.era, missingCredentialResult(call, error));
  };
}
