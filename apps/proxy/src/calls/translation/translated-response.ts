import type { JsonValue } from '@lethe/contracts';
import { isIdOf, isObject, ObjectText, type RpcId } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import { Elicitations } from '../../server-requests/elicitations.js';
import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { EraTranslation, ClientOutcome } from './era-translation.js';
import { StopReading, type MessageHandler } from '../../upstream/message-reader.js';
import { toRpcError } from '../../protocol/rpc-error.js';
import { type UpstreamError, withWait } from '../../upstream/error-reader.js';
import { isDownStatus } from '../../upstream/response-head.js';
import type { McpResponseWriter } from './mcp-response-writer.js';

/** Handles an upstream's request (`json` is the whole message). A returned outcome becomes the response to the client. */
export type OnInputRequest = (method: string, json: string, eventId: string | undefined) => ClientOutcome | undefined;

/** Translates one upstream response for the client: notifications as they arrive, and one final response. */
export class TranslatedResponse implements MessageHandler {
  private responded = false;
  private isStream = false;
  /** Called once, when the response has been sent and the upstream's stream has not ended. */
  onStreamDone: (() => void) | undefined;
  private filter: NotificationFilter | undefined;

  constructor(
    private readonly call: UpstreamCall,
    private readonly translation: EraTranslation,
    private readonly response: McpResponseWriter,
    /** Id of the request as the upstream knows it. */
    readonly id: RpcId,
    private readonly filters: NotificationFilters,
    private readonly onInputRequest: OnInputRequest,
  ) {}

  /** Created for a stream: most calls have none. */
  get notifications(): NotificationFilter {
    this.filter ??= this.filters.ofCall(this.call, (json) => void this.response.messageBefore(json));
    return this.filter;
  }

  /** To be called with the HTTP status of the upstream's response. */
  onStatus(status: number): void {
    this.call.upstreamStatus = status;
    if (this.call.pass && !isDownStatus(status)) this.call.pass.responded(performance.now());
  }

  /** To be called when the upstream begins a stream, which may continue after the response. */
  onStream(): void {
    this.isStream = true;
    this.response.expectWait();
  }

  onMessage(message: JsonValue, json: string, eventId: string | undefined): boolean {
    if (!isObject(message)) return true;
    const { method, id } = message;
    if (typeof method === 'string') {
      if (id !== undefined) return this.responded || this.finishWithInputRequired(method, json, eventId);
      return this.responded || this.notify(method, json);
    }
    if (isIdOf(id, this.id) && !this.responded) this.finish(this.outcome(message['error'], json));
    return true;
  }

  private notify(method: string, json: string): boolean {
    const translated = this.translation.notification(this.call, method, json);
    if (translated === undefined) this.notifications.drop('not_own');
    const passed = translated === undefined ? undefined : this.notifications.passJson(translated);
    return passed === undefined || this.response.messageBefore(passed);
  }

  /** Sends the notifications that wait, before the end of the upstream's response. */
  sendWaiting(): void {
    for (const json of this.filter?.finish() ?? []) this.response.messageBefore(json);
  }

  private finishWithInputRequired(method: string, json: string, eventId: string | undefined): true {
    const outcome = this.onInputRequest(method, json, eventId);
    if (!outcome || this.responded) return true;
    this.finish(outcome);
    throw new StopReading('input required');
  }

  /** The response has been sent; later upstream messages are ignored. */
  get hasResponded(): boolean {
    return this.responded;
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  /** Responds with the JSON-RPC error of an upstream's HTTP error response, and the time to wait if it said one. */
  respondWithError(error: UpstreamError, waitSeconds: number | undefined): void {
    this.response.retryAfter(waitSeconds);
    this.finish(this.outcome({ ...withWait(error, waitSeconds) }, '{}'));
  }

  finish(outcome: ClientOutcome): void {
    if (this.responded) return;
    this.responded = true;
    this.sendWaiting();
    this.response.finish(outcome);
    if (this.isStream) this.onStreamDone?.();
  }

  /**
   * Ends a call to which the upstream sent no response.
   * @throws LetheError while nothing has been sent to the client; the caller then sends the error
   */
  fail(reason?: LetheError): void {
    if (this.responded) return;
    const error = reason ?? upstreamFailed(this.call.credentials.access, 'closed_early');
    this.response.fail(error);
    this.responded = true;
    if (this.isStream) this.onStreamDone?.();
  }

  private outcome(error: JsonValue | undefined, json: string): ClientOutcome {
    const rpc = toRpcError(error);
    const { access } = this.call.credentials;
    if (rpc) {
      this.call.trace?.failed(rpc.code);
      const shown = Elicitations.of(access).inError(rpc);
      if (!shown) throw upstreamFailed(access, 'elicitation_url');
      return this.translation.error(this.call, shown);
    }
    const result = ObjectText.member(json, 'result');
    if (!result) throw upstreamFailed(access, 'no_result');
    this.call.trace?.resulted(result.text);
    return { resultJson: this.translation.result(this.call, result) };
  }
}
