import type { IncomingHttpHeaders } from 'node:http';
import { encodeSseEvent } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { ClientGone } from '../../http/request-body.js';
import { errorBody } from '../../protocol/mcp-error-response.js';
import type { StreamEnd } from '../../telemetry/stream-log.js';
import { Grant } from '../../credentials/upstream-access.js';
import { Lent } from '../../credentials/upstream-credentials.js';
import type { Session } from '../../sessions/session.js';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import { headersOf } from '../../upstream/upstream-sessions.js';
import { Aborted, type BodyReader, send } from '../../upstream/response-handler.js';
import { statusFailure, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { UpstreamPools } from '../../upstream/connection-pools.js';
import { upstreamRequest } from '../../upstream/upstream-request.js';
import { type AnswerRules, EventRelay, STREAM_HEADERS } from '../../calls/relay/event-stream-relay.js';
import { questionsTo } from '../../server-requests/server-request-policy.js';
import type { Refusals } from '../../server-requests/refusals.js';
import type { SealedIds, StreamPlace } from '../../server-requests/sealed-ids.js';
import type { Listening } from './session-stream.js';
import { streamVerdict } from './stream-failure.js';

export type CallPlace = Extract<StreamPlace, { of: 'call' }>;

/** Failures that another attempt can't mend: the call is answered with them. */
const FOR_GOOD = new Set([
  'credential_required',
  'gateway_unavailable',
  'upstream_rejected_credential',
  'upstream_failed',
]);

/** A client takes the stream of one call up again, on any replica (MCP 2025-11-25, resumability and redelivery). */
export class ResumedCalls {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly sealed: SealedIds,
    private readonly refusals: Refusals,
  ) {}

  /** @throws LetheError `session_unknown`, `stream_unavailable`; ClientGone */
  async resume(listening: Listening, place: CallPlace): Promise<StreamEnd> {
    const { caller, session, exchange } = listening;
    const gateway = caller.server.gateways.find(({ slug }) => slug === place.gateway);
    const upstream = gateway && session.with(gateway);
    if (!upstream) throw new LetheError('session_unknown');
    try {
      const lent = Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, gateway));
      return await this.relay(listening, place, lent, upstream);
    } catch (error) {
      if (!(error instanceof LetheError) || !FOR_GOOD.has(error.code)) throw error;
      exchange.reply.beginStream(200, STREAM_HEADERS);
      exchange.reply.write(encodeSseEvent(errorBody(error, place.request)));
      exchange.reply.end();
      return 'answered';
    }
  }

  private async relay(
    listening: Listening,
    place: CallPlace,
    lent: Lent,
    upstream: UpstreamSession,
  ): Promise<StreamEnd> {
    const { exchange, session, closing } = listening;
    const { reply } = exchange;
    const answered = new AbortController();
    let stream: EventRelay | undefined;
    const choose = (status: number, headers: IncomingHttpHeaders): BodyReader => {
      assertOpen(lent, upstream, status, headers);
      reply.beginStream(200, STREAM_HEADERS);
      const rules = { ...this.rules(session, place, lent, upstream), onAnswered: () => answered.abort() };
      return (stream = new EventRelay(reply, place.request, session.clientVersion, rules, true));
    };
    const request = upstreamRequest(lent, 'GET', [...headersOf(upstream), ['last-event-id', place.id]], null);
    const signal = AbortSignal.any([answered.signal, reply.disconnected, closing]);
    try {
      await send(this.pools.of(lent.grant.gateway.target), request, choose, signal);
    } catch (error) {
      if (error instanceof LetheError) throw error;
      if (error instanceof Aborted && reply.disconnected.aborted) throw new ClientGone('the client went away');
      if (!stream) throw new LetheError('stream_unavailable', { gateway: place.gateway }, { cause: error });
      stream.finish(error);
      if (closing.aborted) return 'replica_ending';
    }
    return stream?.isResumable === true ? 'upstream_ended' : 'answered';
  }

  private rules(session: Session, place: CallPlace, lent: Lent, upstream: UpstreamSession): AnswerRules {
    const { gateway, request } = place;
    return {
      questions: questionsTo(session, this.sealed, lent.grant, undefined),
      place: (id) => this.sealed.sealPlace(session, { of: 'call', gateway, id, request }),
      refuse: (id) => this.refusals.give(lent, upstream, id),
      onUnanswered: (why) => errorBody(upstreamFailed(lent.grant, why), request),
    };
  }
}

/** @throws LetheError */
function assertOpen(lent: Lent, upstream: UpstreamSession, status: number, headers: IncomingHttpHeaders): void {
  const refused = statusFailure(lent.grant, status, headers);
  if (refused) throw refused;
  const verdict = streamVerdict(status, headers, upstream.id !== undefined);
  if (verdict === 'lost') throw new LetheError('session_unknown');
  if (verdict === 'later')
    throw new LetheError('stream_unavailable', { gateway: lent.grant.gateway.slug, httpStatus: status });
  if (verdict === 'refused') throw upstreamFailed(lent.grant, 'not_resumable', status);
}
