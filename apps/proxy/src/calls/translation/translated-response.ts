import type { JsonValue } from '@lethe/contracts';
import { isObject, memberText, type RpcId } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { errorOf } from '../../protocol/errors.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { EraTranslation, ClientOutcome } from './era-translator.js';
import { StopReading, type MessageHandler } from '../../upstream/message-reader.js';
import { toRpcError } from '../../protocol/rpc-error.js';
import type { McpResponseWriter } from './mcp-response-writer.js';

/** An upstream asks something of the client (`json` is the whole request); the result, if any, is told and ends the answer. */
export type OnInputRequest = (method: string, json: string, eventId: string | undefined) => ClientOutcome | undefined;

/** One upstream answer, told to the client in the client's era: notifications as they come, the response once. */
export class TranslatedResponse implements MessageHandler {
  private done = false;
  /** The upstream answers with a stream, which may go on after the answer. */
  isStream = false;
  /** Called once, when the client has its answer and the stream that brought it has not ended. */
  onStreamDone: (() => void) | undefined;

  constructor(
    private readonly call: UpstreamCall,
    private readonly translation: EraTranslation,
    private readonly response: McpResponseWriter,
    /** Id of the request as the upstream knows it. */
    readonly id: RpcId,
    private readonly onAsked: OnInputRequest,
  ) {}

  take(message: JsonValue, json: string, eventId: string | undefined): boolean {
    if (!isObject(message)) return true;
    const { method, id } = message;
    if (typeof method === 'string') {
      if (id !== undefined) return this.done || this.asked(this.onAsked(method, json, eventId));
      const shown = this.done ? undefined : this.translation.notification(this.call, method, json);
      return shown === undefined || this.response.notification(shown);
    }
    if (id === this.id && !this.done) this.finish(this.outcome(message['error'], json));
    return true;
  }

  private asked(outcome: ClientOutcome | undefined): true {
    if (!outcome || this.done) return true;
    this.finish(outcome);
    throw new StopReading('asked');
  }

  /** The client has its answer; what comes now is nobody's. */
  get isDone(): boolean {
    return this.done;
  }

  alive(comment: string): boolean {
    return this.done || this.response.before(comment);
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  /** The error of an upstream that answered with an HTTP status of failure. */
  refused(error: JsonValue): void {
    this.finish(this.outcome(error, '{}'));
  }

  finish(outcome: ClientOutcome): void {
    if (this.done) return;
    this.done = true;
    this.response.finish(outcome);
    if (this.isStream) this.onStreamDone?.();
  }

  /** The answer ended without a response. @throws LetheError when it can still be told as a refusal */
  broken(reason?: LetheError): void {
    if (this.done) return;
    const error = reason ?? upstreamFailed(this.call.credentials.access, 'closed_early');
    if (!this.response.hasBegun) throw error;
    this.finish({ error: errorOf(error), status: 200 });
  }

  private outcome(error: JsonValue | undefined, json: string): ClientOutcome {
    const rpc = toRpcError(error);
    if (rpc) return this.translation.error(this.call, rpc);
    const result = memberText(json, 'result');
    if (!result?.startsWith('{')) throw upstreamFailed(this.call.credentials.access, 'no_result');
    return { resultJson: this.translation.result(this.call, result) };
  }
}
