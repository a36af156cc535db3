import type { JsonObject } from '@lethe/contracts';
import { editObject, encodeNotification, encodeResult, isObject, isRpcId, parseJson, type RpcId } from '@lethe/mcp';
import { ClientGone } from '../../http/request-body.js';
import { settled } from '../../http/completion.js';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import { headersOf, type Visits } from '../../upstream/upstream-sessions.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import { askerOf } from '../../server-requests/attribution.js';
import type { UpstreamPools } from '../../upstream/connection-pools.js';
import { type UpstreamRequest, upstreamRequest } from '../../upstream/upstream-request.js';
import type { Relayed } from '../call-forwarder.js';
import { type AskedState, type AskedStates, type Waiting } from './request-state.js';
import { answerIn, askOf, inputRequired, offeredBy } from './input-required.js';
import { CrossedAnswer } from './translated-response.js';
import type { Crossing, Told } from './era-translator.js';
import type { InPlaceAnswers } from '../../server-requests/in-place-answers.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { OneOffSession, OneOffSessions } from './ephemeral-sessions.js';
import { resumed } from './resumed.js';
import type { RpcError } from '../../protocol/rpc-error.js';
import { ToldReply } from './mcp-response-writer.js';
import { exchangeAcross } from './translated-exchange.js';
import { urlElicitation } from './url-elicitation.js';

/** One exchange of a call with its upstream: the first, or one that takes it up again. */
interface Leg {
  readonly session: UpstreamSession;
  readonly offered: JsonObject;
  readonly sent: UpstreamRequest;
  readonly callId: RpcId;
  readonly progressToken: RpcId | undefined;
  readonly crossing: Crossing;
}

/** Calls of modern clients to legacy upstreams with sessions: each has a session of its own, shared with no other. */
export class OneOffCalls {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
    private readonly sessions: OneOffSessions,
    private readonly states: AskedStates,
    private readonly inPlace: InPlaceAnswers,
  ) {}

  /**
   * Initialize, initialized, the call, and the session's end; or, after the upstream asked for something, the answer and
   * the rest of the call.
   * @throws LetheError about the upstream, `params_invalid` for a state that is not of this call; ClientGone
   */
  async forward(relayed: Relayed): Promise<void> {
    const { requestState } = relayed.request.params;
    if (typeof requestState !== 'string') return this.call(relayed, await this.sessions.open(relayed));
    const { session, waiting } = this.states.open(relayed, requestState);
    if (waiting) return this.resume(relayed, session, waiting);
    return this.call(relayed, { session, offered: offeredBy(relayed.request) });
  }

  private call(relayed: Relayed, { session, offered }: OneOffSession): Promise<void> {
    const crossing = MODERN_TO_LEGACY;
    const headers = [...crossing.headers(relayed, session), ...traceHeaders(relayed.exchange.headers)];
    const sent = upstreamRequest(relayed.lent, 'POST', headers, crossing.body(relayed));
    const { id: callId, params } = relayed.request;
    return this.run(relayed, { session, offered, sent, callId, progressToken: progressTokenOf(params), crossing });
  }

  private async resume(relayed: Relayed, session: AskedState['session'], waiting: Waiting): Promise<void> {
    const { lent, request, exchange } = relayed;
    const answer = answerIn(request);
    if (!answer) {
      const again = inputRequired(waiting.ask, this.states.seal(relayed, { session, waiting }));
      return new ToldReply(exchange.reply, request.id).finish(again);
    }
    const { callId, progressToken, askId, lastEventId } = waiting;
    await this.visits.post(lent, headersOf(session), Buffer.from(encodeResult(askId, JSON.stringify(answer))));
    // MCP 2025-11-25, transports, resumability and redelivery.
    const sent = upstreamRequest(lent, 'GET', [...headersOf(session), ['last-event-id', lastEventId]], null);
    const crossing = resumed(progressToken, progressTokenOf(request.params));
    await this.run(relayed, { session, offered: offeredBy(request), sent, callId, progressToken, crossing });
  }

  private async run(relayed: Relayed, leg: Leg): Promise<void> {
    const { lent, request, exchange } = relayed;
    const { session, sent, callId } = leg;
    let isWaiting = false;
    const waits = (told: Told | undefined): Told | undefined => {
      isWaiting ||= told !== undefined;
      return told;
    };
    const crossing: Crossing = {
      ...leg.crossing,
      error: (_relayed, error) => waits(this.askedFirst(relayed, session, error)) ?? leg.crossing.error(relayed, error),
    };
    const answer = new CrossedAnswer(relayed, crossing, new ToldReply(exchange.reply, request.id), callId, (...ask) =>
      waits(this.asked(relayed, leg, ...ask)),
    );
    const dispatcher = this.pools.of(lent.grant.gateway.target);
    try {
      const leaving = (abort: () => void): void => exchange.reply.whenGone(abort);
      await settled((settle) => exchangeAcross(dispatcher, sent, lent.grant, answer, leaving, settle));
    } catch (error) {
      if (error instanceof ClientGone) await this.cancel(relayed, session, callId);
      throw error;
    } finally {
      if (!isWaiting) void this.visits.end(lent, session).catch(() => undefined);
    }
  }

  /** What the client is asked on the upstream's behalf; what it can't be asked is answered in its place. */
  private asked(
    relayed: Relayed,
    { session, offered, callId, progressToken }: Leg,
    method: string,
    json: string,
    lastEventId: string | undefined,
  ): Told | undefined {
    const message = parseJson(json);
    const { id: askId, params } = isObject(message) ? message : {};
    if (!isRpcId(askId)) return undefined;
    const ask = askOf(method, isObject(params) ? params : {}, offered, askerOf(relayed.lent.grant));
    if (!ask || lastEventId === undefined || session.id === undefined) {
      this.inPlace.give(relayed.lent, session, askId, method);
      return undefined;
    }
    const { id, version } = session;
    const waiting = { lastEventId, askId, callId, progressToken, ask };
    return inputRequired(ask, this.states.seal(relayed, { session: { id, version }, waiting }));
  }

  /** URLs that the client has to open before it calls again, in the same session: the upstream remembers them there. */
  private askedFirst(relayed: Relayed, { id, version }: UpstreamSession, error: RpcError): Told | undefined {
    const asked = urlElicitation(relayed.request, error, askerOf(relayed.lent.grant));
    if (!asked || id === undefined) return undefined;
    const state = this.states.seal(relayed, { session: { id, version }, waiting: undefined });
    return { resultJson: editObject(asked, { requestState: JSON.stringify(state) }) };
  }

  /** In the legacy era a disconnect cancels nothing (MCP 2025-11-25, transports, disconnection): it has to be said. */
  private async cancel({ lent }: Relayed, session: UpstreamSession, requestId: RpcId): Promise<void> {
    const bytes = encodeNotification('notifications/cancelled', { requestId });
    await this.visits.post(lent, headersOf(session), bytes).catch(() => undefined);
  }
}

function progressTokenOf({ _meta: meta }: JsonObject): RpcId | undefined {
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  return isRpcId(token) ? token : undefined;
}
