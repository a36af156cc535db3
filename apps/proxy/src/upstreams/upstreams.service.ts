import type { IncomingHttpHeaders } from 'node:http';
import {
  encodeError,
  isForwardableResponseHeader,
  LETHE_CLIENT_INFO,
  ResponseIdScanner,
  type RpcId,
  type RpcRequest,
} from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Call } from '../exchange/call.js';
import type { Exchange } from '../exchange/exchange.js';
import { ClientGone } from '../exchange/read-body.js';
import { errorBody } from '../exchange/refusal.js';
import { type Settle, settled, settleWith } from '../exchange/settle.js';
import type { Lent } from '../passthrough/lent.js';
import { traceHeaders } from '../passthrough/trace-context.js';
import type { SseCallsService } from '../sse-upstreams/sse-calls.service.js';
import type { Route } from '../routes/route.js';
import type { Session } from '../sessions/session.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import type { Visits } from '../sessions/visits.js';
import { askerOf, withAsker } from '../streams/asker.js';
import { EventRelay, STREAM_HEADERS, type StreamRules } from '../streams/event-relay.js';
import { LabelledJson } from '../streams/labelled-json.js';
import { NO_QUESTIONS, questionsTo } from '../streams/questions.js';
import type { Refusals } from '../streams/refusals.js';
import type { SealedIds } from '../streams/sealed-ids.js';
import { clientCapabilitiesOf } from '../translation/envelope.js';
import type { TranslationService } from '../translation/translation.service.js';
import { ErrorReader, type UpstreamError } from './error-reader.js';
import { JsonRelay } from './json-relay.js';
import { mediaType } from './media-type.js';
import { Aborted, type BodyReader, dispatch } from './response-handler.js';
import { networkFailure, statusFailure, upstreamFailed } from './upstream-failure.js';
import type { UpstreamPools } from './upstream-pools.js';
import { upstreamRequest } from './upstream-request.js';

/** One relayed request: whose, to which item, with what, for which exchange. */
export interface Relayed {
  readonly call: Call;
  readonly request: RpcRequest;
  /** The request as its owner reads it. */
  readonly body: Buffer;
  readonly route: Route;
  readonly lent: Lent;
  readonly session: Session;
  readonly exchange: Exchange;
}

/** Sends one request to the one upstream it is for and hands the answer on as it comes. Nothing is ever sent twice. */
export class UpstreamsService {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
    private readonly ids: SealedIds,
    private readonly refusals: Refusals,
    private readonly translation: TranslationService,
    private readonly sse: SseCallsService,
  ) {}

  /**
   * Tells the end: LetheError about the upstream, `session_unknown`; ClientGone.
   * @throws LetheError `session_unknown`, before anything was sent
   */
  forward(relayed: Relayed, settle: Settle): void {
    const { call, lent, session } = relayed;
    const { gateway } = lent.grant;
    if (gateway.transport === 'sse') return settleWith(() => this.sse.forward(relayed), settle);
    if (gateway.era !== call.era.era) return this.translation.forward(relayed, settle);
    const upstream = session.with(gateway);
    if (upstream === null) throw new LetheError('session_unknown');
    if (upstream) return this.relay(relayed, upstream, () => this.streamOf(relayed, upstream), settle);
    settleWith(() => this.relayOnce(relayed), settle);
  }

  /** A session for this call alone: nothing of it is shared with another. */
  private async relayOnce(relayed: Relayed): Promise<void> {
    const { lent, session } = relayed;
    const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
    const version = session.versionFor(lent.grant.gateway);
    const upstream = await this.visits.open(lent, version, clientInfo, session.clientCapabilities);
    try {
      await settled((settle) => this.relay(relayed, upstream, () => this.streamOnce(relayed, upstream), settle));
    } finally {
      void this.visits.end(lent, upstream).catch(() => undefined);
    }
  }

  private relay(relayed: Relayed, upstream: UpstreamSession, rules: () => StreamRules, settle: Settle): void {
    const { call, request, route, lent, exchange } = relayed;
    const protocol = call.era.relayHeaders(request, route.own, exchange.headers, upstream);
    protocol.push(...traceHeaders(exchange.headers));
    const sent = upstreamRequest(lent, 'POST', protocol, call.era.relayBody(request, relayed.body));
    const answer = new Answer(relayed, rules, settle);
    dispatch(this.pools.of(lent.grant.gateway.target), sent, answer.choose, answer.abandoning, answer.ended);
  }

  /** A stream within the client's session: what is asked on it can be answered, and it can be taken up again. */
  private streamOf(relayed: Relayed, upstream: UpstreamSession): StreamRules {
    const { session, lent, request } = relayed;
    const gateway = lent.grant.gateway.slug;
    const refuse = (id: RpcId): void => this.refuse(relayed, upstream, id);
    if (upstream.id === undefined) {
      return { questions: { ...NO_QUESTIONS, asker: askerIn(relayed) }, place: () => undefined, refuse };
    }
    return {
      questions: questionsTo(session, this.ids, lent.grant, undefined),
      place: (id) => this.ids.sealPlace(session, { of: 'call', gateway, id, request: request.id }),
      refuse,
    };
  }

  /** A stream of a session that ends with it. */
  private streamOnce(relayed: Relayed, upstream: UpstreamSession): StreamRules {
    const questions = questionsTo(relayed.session, this.ids, relayed.lent.grant, upstream);
    return { questions, place: () => undefined, refuse: (id) => this.refuse(relayed, upstream, id) };
  }

  /** What an upstream asks of the client without having been offered it is answered in the client's place. */
  private refuse({ lent, call }: Relayed, upstream: UpstreamSession, id: RpcId): void {
    if (call.era.upstreamMayAsk) this.refusals.give(lent, upstream, id);
  }
}

/** Decides by an answer's head how its body is read, and what its end means. */
class Answer {
  private failure: LetheError | undefined;
  private stream: EventRelay | undefined;

  constructor(
    private readonly relayed: Relayed,
    private readonly rules: () => StreamRules,
    private readonly settle: Settle,
  ) {}

  readonly ended: Settle = (error) => {
    if (error instanceof Aborted) return this.settle(new ClientGone('the client went away'));
    if (error === undefined || this.finishBroken(error)) return this.settle(this.failure);
    this.settle(error instanceof LetheError ? error : networkFailure(this.relayed.lent.grant, error));
  };

  /**
   * Aborts when the client is gone and nothing of the answer can reach it here any more: always in the modern era, in the
   * legacy era once the stream can be taken up again elsewhere.
   */
  readonly abandoning = (abort: () => void): void => {
    const { exchange, call } = this.relayed;
    exchange.reply.whenGone(() => {
      if (call.era.disconnectCancels || this.stream?.isResumable) abort();
    });
  };

  readonly choose = (status: number, headers: IncomingHttpHeaders): BodyReader => {
    const { lent, session, exchange, request } = this.relayed;
    const { grant } = lent;
    const refused = statusFailure(grant, status, headers);
    if (refused) throw refused;
    if (status === 404 && session.continues(grant.gateway)) throw new LetheError('session_unknown');
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw upstreamFailed(grant, 'content_encoding');
    if (status !== 200) return new ErrorReader(request.id, (error) => this.tellError(status, error));
    const type = mediaType(headers);
    if (type === 'application/json') return this.json(headers);
    if (type !== 'text/event-stream') throw upstreamFailed(grant, 'content_type', status);
    const rules = { ...this.rules(), onUnanswered: (why: string) => this.unanswered(why) };
    exchange.reply.beginStream(200, { ...forwardable(headers), ...STREAM_HEADERS });
    return (this.stream = new EventRelay(exchange.reply, request.id, session.clientVersion, rules));
  };

  private json(headers: IncomingHttpHeaders): BodyReader {
    const { exchange, request, lent } = this.relayed;
    const asker = askerIn(this.relayed);
    const kept = forwardable(headers);
    const length = headers['content-length'];
    if (asker === undefined && length !== undefined) kept['content-length'] = length;
    const failure = (why: string): LetheError => upstreamFailed(lent.grant, why);
    const relay = new JsonRelay(exchange.reply, kept, new ResponseIdScanner(request.id), failure);
    return asker === undefined ? relay : new LabelledJson(relay, asker);
  }

  private unanswered(why: string): string {
    this.failure = upstreamFailed(this.relayed.lent.grant, why);
    return errorBody(this.failure, this.relayed.request.id);
  }

  /** Ends a stream of events that broke with an error the client can read; false when there is none to end. */
  private finishBroken(error: unknown): boolean {
    this.stream?.finish(error);
    return this.stream !== undefined;
  }

  private labelled(json: string): string {
    const asker = askerIn(this.relayed);
    return asker === undefined ? json : withAsker(json, asker);
  }

  private tellError(status: number, error: UpstreamError | undefined): void {
    const { request } = this.relayed;
    const body = error && this.labelled(encodeError(request.id, error));
    if (body === undefined) this.failure = upstreamFailed(this.relayed.lent.grant, 'http_status', status);
    else this.relayed.exchange.reply.json(this.relayed.call.era.relayedErrorStatus(status), body);
  }
}

/** Who asks in an answer to a client that lets a person be asked. */
function askerIn({ call, request, session, lent }: Relayed): string | undefined {
  const offers = call.era.upstreamMayAsk
    ? session.offers('elicitation')
    : clientCapabilitiesOf(request)['elicitation'] !== undefined;
  return offers ? askerOf(lent.grant) : undefined;
}

/** Response headers by allow-list; the upstream's session is not the client's. */
function forwardable(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string' && name !== 'mcp-session-id' && isForwardableResponseHeader(name)) kept[name] = value;
  }
  return kept;
}
