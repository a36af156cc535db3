import type { JsonObject } from '@lethe/contracts';
import { editObject, encodeNotification, encodeResult, isObject, isRpcId, parseJson, type RpcId } from '@lethe/mcp';
import { ClientDisconnected } from '../../http/request-body.js';
import { promisify } from '../../http/completion.js';
import { sessionHeaders, type UpstreamSession } from '../../protocol/upstream-session.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import { sourceName } from '../../server-requests/attribution.js';
import type { ConnectionPools } from '../../upstream/connection-pools.js';
import { type UpstreamRequest, upstreamRequest } from '../../upstream/upstream-request.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { type RequestState, type RequestStates, type PendingInput } from './request-state.js';
import { inputResponse, toInputRequest, inputRequired, offeredBy } from './input-required.js';
import { TranslatedResponse } from './translated-response.js';
import type { EraTranslation, ClientOutcome } from './era-translator.js';
import type { LocalResponses } from '../../server-requests/local-responses.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { EphemeralSession, EphemeralSessions } from './ephemeral-sessions.js';
import { resumed } from './resumed.js';
import type { RpcError } from '../../protocol/rpc-error.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { sendTranslated } from './translated-exchange.js';
import { urlElicitation } from './url-elicitation.js';

/** One exchange of a call with its upstream: the first, or one that takes it up again. */
interface CallAttempt {
  readonly session: UpstreamSession;
  readonly offered: JsonObject;
  readonly sent: UpstreamRequest;
  readonly callId: RpcId;
  readonly progressToken: RpcId | undefined;
  readonly translation: EraTranslation;
}

/** Calls of modern clients to legacy upstreams with sessions: each has a session of its own, shared with no other. */
export class EphemeralSessionCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sessions: EphemeralSessions,
    private readonly states: RequestStates,
    private readonly localResponses: LocalResponses,
  ) {}

  /**
   * Initialize, initialized, the call, and the session's end; or, after the upstream asked for something, the answer and
   * the rest of the call.
   * @throws LetheError about the upstream, `params_invalid` for a state that is not of this call; ClientGone
   */
  async forward(call: UpstreamCall): Promise<void> {
    const { requestState } = call.message.params;
    if (typeof requestState !== 'string') return this.call(call, await this.sessions.open(call));
    const { session, waiting } = this.states.open(call, requestState);
    if (waiting) return this.resume(call, session, waiting);
    return this.call(call, { session, offered: offeredBy(call.message) });
  }

  private call(call: UpstreamCall, { session, offered }: EphemeralSession): Promise<void> {
    const translation = MODERN_TO_LEGACY;
    const headers = [...translation.headers(call, session), ...traceHeaders(call.headers)];
    const sent = upstreamRequest(call.credentials, 'POST', headers, translation.body(call));
    const { id: callId, params } = call.message;
    return this.run(call, { session, offered, sent, callId, progressToken: progressTokenOf(params), translation });
  }

  private async resume(call: UpstreamCall, session: RequestState['session'], waiting: PendingInput): Promise<void> {
    const { credentials, message, response } = call;
    const answer = inputResponse(message);
    if (!answer) {
      const again = inputRequired(waiting.ask, this.states.seal(call, { session, waiting }));
      return new McpResponseWriter(response, message.id).finish(again);
    }
    const { callId, progressToken, askId, lastEventId } = waiting;
    await this.upstreamSessions.post(
      credentials,
      sessionHeaders(session),
      Buffer.from(encodeResult(askId, JSON.stringify(answer))),
    );
    // MCP 2025-11-25, transports, resumability and redelivery.
    const sent = upstreamRequest(
      credentials,
      'GET',
      [...sessionHeaders(session), ['last-event-id', lastEventId]],
      null,
    );
    const translation = resumed(progressToken, progressTokenOf(message.params));
    await this.run(call, { session, offered: offeredBy(message), sent, callId, progressToken, translation });
  }

  private async run(call: UpstreamCall, leg: CallAttempt): Promise<void> {
    const { credentials, message, response } = call;
    const { session, sent, callId } = leg;
    let isWaiting = false;
    const waits = (outcome: ClientOutcome | undefined): ClientOutcome | undefined => {
      isWaiting ||= outcome !== undefined;
      return outcome;
    };
    const translation: EraTranslation = {
      ...leg.translation,
      error: (_call, error) => waits(this.askedFirst(call, session, error)) ?? leg.translation.error(call, error),
    };
    const answer = new TranslatedResponse(
      call,
      translation,
      new McpResponseWriter(response, message.id),
      callId,
      (...ask) => waits(this.asked(call, leg, ...ask)),
    );
    const dispatcher = this.pools.of(credentials.access.gateway.target);
    try {
      const leaving = (abort: () => void): void => response.onDisconnect(abort);
      await promisify((done) => sendTranslated(dispatcher, sent, credentials.access, answer, leaving, done));
    } catch (error) {
      if (error instanceof ClientDisconnected) await this.cancel(call, session, callId);
      throw error;
    } finally {
      if (!isWaiting) void this.upstreamSessions.end(credentials, session).catch(() => undefined);
    }
  }

  /** What the client is asked on the upstream's behalf; what it can't be asked is answered in its place. */
  private asked(
    call: UpstreamCall,
    { session, offered, callId, progressToken }: CallAttempt,
    method: string,
    json: string,
    lastEventId: string | undefined,
  ): ClientOutcome | undefined {
    const message = parseJson(json);
    const { id: askId, params } = isObject(message) ? message : {};
    if (!isRpcId(askId)) return undefined;
    const ask = toInputRequest(method, isObject(params) ? params : {}, offered, sourceName(call.credentials.access));
    if (!ask || lastEventId === undefined || session.id === undefined) {
      this.localResponses.send(call.credentials, session, askId, method);
      return undefined;
    }
    const { id, version } = session;
    const waiting = { lastEventId, askId, callId, progressToken, ask };
    return inputRequired(ask, this.states.seal(call, { session: { id, version }, waiting }));
  }

  /** URLs that the client has to open before it calls again, in the same session: the upstream remembers them there. */
  private askedFirst(call: UpstreamCall, { id, version }: UpstreamSession, error: RpcError): ClientOutcome | undefined {
    const asked = urlElicitation(call.message, error, sourceName(call.credentials.access));
    if (!asked || id === undefined) return undefined;
    const state = this.states.seal(call, { session: { id, version }, waiting: undefined });
    return { resultJson: editObject(asked, { requestState: JSON.stringify(state) }) };
  }

  /** In the legacy era a disconnect cancels nothing (MCP 2025-11-25, transports, disconnection): it has to be said. */
  private async cancel({ credentials }: UpstreamCall, session: UpstreamSession, requestId: RpcId): Promise<void> {
    const bytes = encodeNotification('notifications/cancelled', { requestId });
    await this.upstreamSessions.post(credentials, sessionHeaders(session), bytes).catch(() => undefined);
  }
}

function progressTokenOf({ _meta: meta }: JsonObject): RpcId | undefined {
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  return isRpcId(token) ? token : undefined;
}
