import { encodeResult, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { CallersService } from '../auth/callers.service.js';
import type { JournalService, Trail } from '../telemetry/call-log.js';
import { Grant } from '../credentials/upstream-access.js';
import { Lent } from '../credentials/upstream-credentials.js';
import { missingCredentialResult } from './missing-credential-result.js';
import type { FanOut } from '../upstream/session-broadcast.js';
import type { GatewayRoute } from '../routes/table/gateway.js';
import { declares, offersSubscriptions } from '../protocol/legacy-capabilities.js';
import type { Session } from '../sessions/session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { ClientAnswers } from '../server-requests/client-responses.js';
import type { SessionStreamsService } from '../notifications/get-stream/session-streams.service.js';
import type { UpstreamsService } from '../calls/call-forwarder.js';
import { type Call, decodeCall, idOf } from '../protocol/message.js';
import type { Arrival, Exchange } from '../protocol/exchange.js';
import type { LocalAnswers } from './gateway-methods.js';
import { locate, type OwnedRule } from './resolve-target.js';
import { ClientGone } from '../http/request-body.js';
import { asLetheError, Refusal } from '../protocol/mcp-error-response.js';
import { attempt, type Settle, settleWith } from '../http/completion.js';

/** For references to a gateway that completes nothing: the virtual server as a whole does. */
const NO_COMPLETION = '{"completion":{"values":[],"total":0,"hasMore":false}}';

/** The hot path: from an admitted request to its whole answer (design section 4). */
export class ExchangeService {
  constructor(
    private readonly callers: CallersService,
    private readonly sessions: SessionsService,
    private readonly answers: LocalAnswers,
    private readonly upstreams: UpstreamsService,
    private readonly fanOut: FanOut,
    private readonly clientAnswers: ClientAnswers,
    private readonly streams: SessionStreamsService,
    private readonly journal: JournalService,
  ) {}

  /**
   * Carries one request out, and tells when it is: also what is refused, a LetheError before the message is known, a
   * Refusal after it; ClientGone. Nothing on the way of a usual call is waited for by a promise: each costs a turn.
   * @throws LetheError `not_ready`, `server_unknown`, `caller_unknown`, before anything was told
   */
  handle(arrival: Arrival, settle: Settle): void {
    const found = this.callers.identify(arrival);
    if (found instanceof Promise) found.then((caller) => this.read(arrival, caller, settle)).catch(settle);
    else this.read(arrival, found, settle);
  }

  private read({ method, slug, headers, reply, readBody }: Arrival, caller: Caller, settle: Settle): void {
    readBody(
      (body) => attempt(() => this.take({ method, slug, headers, reply, body }, caller, settle), settle),
      settle,
    );
  }

  private take(exchange: Exchange, caller: Caller, settle: Settle): void {
    if (exchange.method === 'GET') return settleWith(() => this.streams.serve(exchange, caller), settle);
    if (exchange.method === 'DELETE') return settleWith(() => this.endSession(exchange, caller), settle);
    const call = decodeCall(exchange, caller);
    const trail = this.journal.begin(call);
    const end: Settle = (error) =>
      attempt(() => {
        if (error === undefined) this.journal.carriedOut(trail);
        else this.journal.failed(trail, error);
        settle(error === undefined || error instanceof ClientGone ? error : refusalOf(call, error));
      }, settle);
    attempt(() => this.carryOut(exchange, call, trail, end), end);
  }

  private async endSession({ headers, reply }: Exchange, caller: Caller): Promise<void> {
    const session = this.sessions.continue(headers.get('mcp-session-id'), caller, '');
    await this.fanOut.end(headers, caller, session);
    reply.empty(200);
  }

  private carryOut(exchange: Exchange, call: Call, trail: Trail, end: Settle): void {
    const { message, rule } = call;
    const session = this.sessions.open(exchange.headers, call);
    if (message.kind === 'response') return settleWith(() => this.takeAnswer(exchange, call, session), end);
    if (!rule) return settleWith(() => answerUnknown(exchange, call), end);
    if (rule.by === 'relay' || rule.by === 'complete') return this.relay(exchange, call, rule, session, trail, end);
    settleWith(() => this.answers.give(rule, { exchange, call, session }), end);
  }

  private relay(exchange: Exchange, call: Call, rule: OwnedRule, session: Session, trail: Trail, end: Settle): void {
    const { caller, message: request, era } = call;
    if (request.kind !== 'request') throw new LetheError('message_invalid', { rule: 'id_missing' });
    const { route, body } = locate(rule, caller.server, request);
    const { gateway } = route;
    trail.gateway = gateway.slug;
    if (rule.by === 'complete' && !declares(gateway, 'completions')) {
      completeNothing(exchange, call, request);
      return end();
    }
    if (rule.by === 'relay' && rule.lasts) assertSubscribable(gateway, session);
    const mirror = era.argumentProblem(request, route.mirroredArguments(), exchange.headers);
    if (mirror) throw new LetheError('header_mismatch', { ...mirror });
    const grant = Grant.forItem(caller, route);
    const lent = Lent.fromHeaders(exchange.headers, grant);
    this.upstreams.forward({ call, request, body, route, lent, session, exchange }, end);
  }

  /** In the modern era nothing is asked on streams, so that nothing can be posted. */
  private takeAnswer(exchange: Exchange, call: Call, session: Session): Promise<void> {
    if (!call.era.upstreamMayAsk) throw new LetheError('message_invalid', { rule: 'response' });
    return this.clientAnswers.answer(exchange, call, session);
  }
}

/** @throws LetheError `method_unknown` where no gateway completes anything, so that the virtual server does not either */
function completeNothing(exchange: Exchange, { caller }: Call, { id }: RpcRequest): void {
  const doesAny = caller.server.gateways.some((gateway) => declares(gateway, 'completions'));
  if (!doesAny) throw new LetheError('method_unknown');
  exchange.reply.json(200, encodeResult(id, NO_COMPLETION));
}

/** @throws LetheError `method_unknown`, `gateway_unavailable` when the session was begun without this gateway */
function assertSubscribable(gateway: GatewayRoute, session: Session): void {
  if (!offersSubscriptions(gateway)) throw new LetheError('method_unknown');
  if (!session.continues(gateway)) {
    throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: 'no_session' });
  }
}

/** Notifications that mean nothing here are taken and dropped (JSON-RPC: they are never answered). */
function answerUnknown(exchange: Exchange, { message }: Call): void {
  if (message.kind === 'request') throw new LetheError('method_unknown');
  exchange.reply.empty(202);
}

function refusalOf(call: Call, thrown: unknown): Refusal {
  const error = asLetheError(thrown);
  return new Refusal(error, idOf(call.message), call.era, missingCredentialResult(call, error));
}
