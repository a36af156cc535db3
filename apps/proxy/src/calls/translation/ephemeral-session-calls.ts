import { editObject, encodeNotification, encodeResult, isObject, isRpcId, parseJson, type RpcId } from '@lethe/mcp';
import { ClientDisconnected } from '../../http/request/request-body.js';
import { promisify } from '@lethe/platform';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import {
  traceHeaders,
  type ConnectionPools,
  type UpstreamRequest,
  upstreamRequest,
} from '../../upstream/upstream-client.js';
import { progressTokenOf } from '../../protocol/envelope.js';
import { declined, localResponse } from '../../protocol/local-response.js';
import { Elicitations } from '../../server-requests/elicitations.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { type IdentifiedSession, type RequestStates, type PendingInput } from './request-state.js';
import { capabilitiesForUpstream, inputRequired, inputResponse, toInputRequest } from './legacy-input-requests.js';
import { TranslatedResponse } from './translated-response.js';
import type { EraTranslation, ClientOutcome } from './era-translation.js';
import type { LocalResponses } from '../../server-requests/local-responses.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { EphemeralSession, EphemeralSessions } from './ephemeral-sessions.js';
import { resumedTranslation } from './resumed-translation.js';
import type { RpcError } from '../../protocol/rpc-error.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { sendTranslated } from './send-translated.js';
import { urlInputRequired } from './url-elicitation.js';

/** One HTTP request for a call: the first one, or one that resumes the call. */
interface CallAttempt extends EphemeralSession {
  readonly request: UpstreamRequest;
  readonly callId: RpcId;
  readonly progressToken: RpcId | undefined;
  readonly translation: EraTranslation;
}

/** Calls of modern clients to legacy upstreams with sessions: each call has its own session, shared with no other. */
export class EphemeralSessionCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sessions: EphemeralSessions,
    private readonly states: RequestStates,
    private readonly localResponses: LocalResponses,
    private readonly notifications: NotificationFilters,
  ) {}

  /**
   * Opens a session, makes the call and ends the session. A call whose upstream asked for input is resumed instead: with
   * the client's input, in the session in its `requestState`.
   * @throws LetheError about the upstream, `params_invalid` for a state that is not of this call; ClientDisconnected
   */
  async forward(call: UpstreamCall): Promise<void> {
    const { requestState } = call.message.params;
    if (typeof requestState !== 'string') return this.call(call, await this.sessions.open(call));
    const { session, pending } = this.states.open(call, requestState);
    if (pending) return this.resume(call, session, pending);
    return this.call(call, { session, clientCapabilities: capabilitiesForUpstream(call.message) });
  }

  private call(call: UpstreamCall, { session, clientCapabilities }: EphemeralSession): Promise<void> {
    const { credentials, message } = call;
    const translation = MODERN_TO_LEGACY;
    const headers = [...translation.headers(call, session), ...traceHeaders(call)];
    const request = upstreamRequest(credentials, 'POST', headers, translation.body(call));
    const progressToken = progressTokenOf(message.params);
    return this.run(call, { session, clientCapabilities, request, callId: message.id, progressToken, translation });
  }

  private async resume(call: UpstreamCall, session: IdentifiedSession, pending: PendingInput): Promise<void> {
    const { credentials, message } = call;
    const input = inputResponse(message);
    if (!input) {
      const repeated = inputRequired(pending.inputRequest, this.states.seal(call, { session, pending }));
      return new McpResponseWriter(call).finish(repeated);
    }
    const { callId, progressToken, serverRequestId, lastEventId } = pending;
    const body = Buffer.from(encodeResult(serverRequestId, JSON.stringify(input)));
    await this.upstreamSessions.post(credentials, sessionHeaders(session), body);
    // https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
    const request = upstreamRequest(
      credentials,
      'GET',
      [...sessionHeaders(session), ['last-event-id', lastEventId]],
      null,
    );
    const translation = resumedTranslation(progressToken, progressTokenOf(message.params));
    const clientCapabilities = capabilitiesForUpstream(message);
    await this.run(call, { session, clientCapabilities, request, callId, progressToken, translation });
  }

  private async run(call: UpstreamCall, attempt: CallAttempt): Promise<void> {
    const { credentials, response } = call;
    const { session, request, callId, translation } = attempt;
    let needsInput = false;
    const noteInput = (outcome: ClientOutcome | undefined): ClientOutcome | undefined => {
      needsInput ||= outcome !== undefined;
      return outcome;
    };
    const translated = new TranslatedResponse(
      call,
      {
        ...translation,
        error: (_call, error) => noteInput(this.urlsRequired(call, session, error)) ?? translation.error(call, error),
      },
      new McpResponseWriter(call),
      callId,
      this.notifications,
      (...serverRequest) => noteInput(this.onInputRequest(call, attempt, ...serverRequest)),
    );
    const dispatcher = this.pools.of(credentials.access.gateway.target);
    try {
      const onDisconnect = (abort: () => void): void => response.onDisconnect(abort);
      await promisify((done) => sendTranslated(dispatcher, request, credentials, translated, onDisconnect, done));
    } catch (error) {
      if (error instanceof ClientDisconnected) await this.cancel(call, session, callId);
      throw error;
    } finally {
      if (!needsInput) void this.upstreamSessions.end(credentials, session).catch(() => undefined);
    }
  }

  /** Turns an upstream's request into an input request for the client. Lethe itself answers what the client can't. */
  private onInputRequest(
    call: UpstreamCall,
    { session, clientCapabilities, callId, progressToken }: CallAttempt,
    method: string,
    json: string,
    lastEventId: string | undefined,
  ): ClientOutcome | undefined {
    const message = parseJson(json);
    const { id: serverRequestId, params: given } = isObject(message) ? message : {};
    if (!isRpcId(serverRequestId)) return undefined;
    const params = isObject(given) ? given : {};
    const elicitations = Elicitations.of(call.credentials.access);
    const inputRequest = toInputRequest(method, params, clientCapabilities, elicitations);
    if (!inputRequest || lastEventId === undefined || session.id === undefined) {
      const answer = inputRequest === null ? declined(serverRequestId) : localResponse(serverRequestId, method);
      this.localResponses.send(call.credentials, session, answer);
      return undefined;
    }
    const { id, version } = session;
    const pending = { lastEventId, serverRequestId, callId, progressToken, inputRequest };
    return inputRequired(inputRequest, this.states.seal(call, { session: { id, version }, pending }));
  }

  /** URLs that the client must open before it repeats the call, in the same session: the upstream keeps them there. */
  private urlsRequired(
    call: UpstreamCall,
    { id, version }: UpstreamSession,
    error: RpcError,
  ): ClientOutcome | undefined {
    const resultJson = urlInputRequired(call.message, error);
    if (resultJson === undefined || id === undefined) return undefined;
    const state = this.states.seal(call, { session: { id, version }, pending: undefined });
    return { resultJson: editObject(resultJson, { requestState: JSON.stringify(state) }) };
  }

  /**
   * For a legacy upstream, a disconnect is not a cancellation.
   * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
   */
  private async cancel({ credentials }: UpstreamCall, session: UpstreamSession, requestId: RpcId): Promise<void> {
    const bytes = encodeNotification('notifications/cancelled', { requestId });
    await this.upstreamSessions.post(credentials, sessionHeaders(session), bytes).catch(() => undefined);
  }
}
