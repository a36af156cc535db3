import type { IncomingHttpHeaders } from 'node:http';
import { isForwardableResponseHeader, type RpcRequest, withParam } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Call } from '../exchange/call.js';
import type { Exchange } from '../exchange/exchange.js';
import { ClientGone } from '../exchange/read-body.js';
import { errorBody } from '../exchange/refusal.js';
import type { Lent } from '../passthrough/lent.js';
import { traceHeaders } from '../passthrough/trace-context.js';
import type { SseCallsService } from '../sse-upstreams/sse-calls.service.js';
import type { Route } from '../routes/route.js';
import type { Session } from '../sessions/session.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import type { Visits } from '../sessions/visits.js';
import { EventRelay } from '../streams/event-relay.js';
import { AtMost } from './at-most.js';
import { ErrorReader } from './error-reader.js';
import { JsonRelay } from './json-relay.js';
import { Aborted, type BodyReader, send } from './response-handler.js';
import { networkFailure, statusFailure, upstreamFailed } from './upstream-failure.js';
import type { UpstreamPools } from './upstream-pools.js';
import { upstreamRequest } from './upstream-request.js';

/** Refusals on their way at once for one exchange: an upstream may ask as often as it likes. */
const REFUSALS_AT_ONCE = 8;

/** One relayed request: whose, to which item, with what, for which exchange. */
export interface Relayed {
  readonly call: Call;
  readonly request: RpcRequest;
  readonly param: 'name' | 'uri';
  readonly route: Route;
  readonly lent: Lent;
  readonly session: Session;
  readonly exchange: Exchange;
}

/** Sends one request to the one upstream it is for and hands the answer on as it comes. Nothing is ever sent twice. */
export class UpstreamsService {
  private readonly refusals = new AtMost(REFUSALS_AT_ONCE);

  constructor(
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
    private readonly sse: SseCallsService,
  ) {}

  /** @throws LetheError about the upstream, `session_unknown`; ClientGone */
  async forward(relayed: Relayed): Promise<void> {
    const { call, lent, session } = relayed;
    const { gateway } = lent.grant;
    if (gateway.era !== call.era.era) {
      throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: 'era_not_translated' });
    }
    if (gateway.transport === 'sse') return this.sse.forward(relayed);
    const upstream = session.with(gateway);
    if (upstream === null) throw new LetheError('session_unknown');
    if (upstream) return this.relay(relayed, upstream);
    return this.relayOnce(relayed);
  }

  /** A session for this call alone: nothing of it is shared with another. */
  private async relayOnce(relayed: Relayed): Promise<void> {
    const { lent, session } = relayed;
    const clientInfo = session.client?.clientInfo ?? { name: 'lethe', version: '1' };
    const upstream = await this.visits.open(lent, session.versionFor(lent.grant.gateway), clientInfo);
    try {
      await this.relay(relayed, upstream);
    } finally {
      void this.visits.end(lent, upstream).catch(() => undefined);
    }
  }

  private async relay(relayed: Relayed, upstream: UpstreamSession): Promise<void> {
    const { call, request, route, lent, exchange } = relayed;
    const protocol = call.era.relayHeaders(request, route.own, exchange.headers, upstream);
    const headers = [...protocol, ...traceHeaders(exchange.headers)];
    const body = route.own === route.exposed ? request.bytes : withParam(request, relayed.param, route.own);
    const signal = call.era.disconnectCancels ? exchange.reply.disconnected : undefined;
    const answer = new Answer(relayed, (id) => this.refuseRequest(relayed, upstream, id));
    try {
      const sent = upstreamRequest(lent, 'POST', headers, body);
      await send(this.pools.of(lent.grant.gateway.target), sent, (...head) => answer.choose(...head), signal);
    } catch (error) {
      if (error instanceof Aborted) throw new ClientGone('the client went away');
      if (!answer.finishBroken()) throw error instanceof LetheError ? error : networkFailure(lent.grant, error);
    }
    if (answer.failure) throw answer.failure;
  }

  /** What an upstream asks of the client was not offered to it, and is answered in the client's place. */
  private refuseRequest(relayed: Relayed, upstream: UpstreamSession, idJson: string): void {
    const { lent, call, request, exchange } = relayed;
    const body = `{"jsonrpc":"2.0","id":${idJson},"error":{"code":-32601,"message":"Method not found"}}`;
    const headers = call.era.relayHeaders(request, '', exchange.headers, upstream);
    if (!call.era.upstreamMayAsk) return;
    this.refusals.begin(relayed, () => this.visits.post(lent, headers, Buffer.from(body)));
  }
}

/** Decides by an answer's head how its body is read. */
class Answer {
  failure: LetheError | undefined;
  private stream: EventRelay | undefined;

  constructor(
    private readonly relayed: Relayed,
    private readonly onRequest: (idJson: string) => void,
  ) {}

  choose(status: number, headers: IncomingHttpHeaders): BodyReader {
    const { lent, session, exchange, request } = this.relayed;
    const { grant } = lent;
    const refused = statusFailure(grant, status, headers);
    if (refused) throw refused;
    if (status === 404 && session.continues(grant.gateway)) throw new LetheError('session_unknown');
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw upstreamFailed(grant, 'content_encoding');
    const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    if (status !== 200) return new ErrorReader(request.id, (body) => this.tellError(status, body));
    if (type === 'application/json')
      return new JsonRelay(exchange.reply, { ...forwardable(headers), ...lengthOf(headers) });
    if (type !== 'text/event-stream') throw upstreamFailed(grant, 'content_type', status);
    const events = { onRequest: this.onRequest, onUnanswered: () => this.unanswered() };
    return (this.stream = new EventRelay(exchange.reply, request.id, events, forwardable(headers)));
  }

  private unanswered(): string {
    this.failure = upstreamFailed(this.relayed.lent.grant, 'closed_early');
    return errorBody(this.failure, this.relayed.request.id);
  }

  /** Ends a stream of events that broke with an error the client can read; false when there is none to end. */
  finishBroken(): boolean {
    this.stream?.finish();
    return this.stream !== undefined;
  }

  private tellError(status: number, body: string | undefined): void {
    if (body === undefined) this.failure = upstreamFailed(this.relayed.lent.grant, 'http_status', status);
    else this.relayed.exchange.reply.json(this.relayed.call.era.relayedErrorStatus(status), body);
  }
}

/** The length of a body that goes on unchanged. */
function lengthOf(headers: IncomingHttpHeaders): Record<string, string> {
  const length = headers['content-length'];
  return length === undefined ? {} : { 'content-length': length };
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
