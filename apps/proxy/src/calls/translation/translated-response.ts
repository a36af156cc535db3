import type { JsonValue } from '@lethe/contracts';
import { isObject, memberText, type RpcId } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { errorOf } from '../../protocol/mcp-error-response.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import type { Relayed } from '../call-forwarder.js';
import type { Crossing, Told } from './era-translator.js';
import { StopReading, type TakesMessages } from '../../upstream/message-reader.js';
import { toRpcError } from '../../protocol/rpc-error.js';
import type { ToldReply } from './mcp-response-writer.js';

/** An upstream asks something of the client (`json` is the whole request); the result, if any, is told and ends the answer. */
export type OnAsked = (method: string, json: string, eventId: string | undefined) => Told | undefined;

/** One upstream answer, told to the client in the client's era: notifications as they come, the response once. */
export class CrossedAnswer implements TakesMessages {
  private done = false;
  /** The upstream answers with a stream, which may go on after the answer. */
  isStream = false;
  /** Called once, when the client has its answer and the stream that brought it has not ended. */
  onStreamDone: (() => void) | undefined;

  constructor(
    private readonly relayed: Relayed,
    private readonly crossing: Crossing,
    private readonly reply: ToldReply,
    /** Id of the request as the upstream knows it. */
    readonly id: RpcId,
    private readonly onAsked: OnAsked,
  ) {}

  take(message: JsonValue, json: string, eventId: string | undefined): boolean {
    if (!isObject(message)) return true;
    const { method, id } = message;
    if (typeof method === 'string') {
      if (id !== undefined) return this.done || this.asked(this.onAsked(method, json, eventId));
      const shown = this.done ? undefined : this.crossing.notification(this.relayed, method, json);
      return shown === undefined || this.reply.notification(shown);
    }
    if (id === this.id && !this.done) this.finish(this.told(message['error'], json));
    return true;
  }

  private asked(told: Told | undefined): true {
    if (!told || this.done) return true;
    this.finish(told);
    throw new StopReading('asked');
  }

  /** The client has its answer; what comes now is nobody's. */
  get isDone(): boolean {
    return this.done;
  }

  alive(comment: string): boolean {
    return this.done || this.reply.before(comment);
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  /** The error of an upstream that answered with an HTTP status of failure. */
  refused(error: JsonValue): void {
    this.finish(this.told(error, '{}'));
  }

  finish(told: Told): void {
    if (this.done) return;
    this.done = true;
    this.reply.finish(told);
    if (this.isStream) this.onStreamDone?.();
  }

  /** The answer ended without a response. @throws LetheError when it can still be told as a refusal */
  broken(reason?: LetheError): void {
    if (this.done) return;
    const error = reason ?? upstreamFailed(this.relayed.lent.grant, 'closed_early');
    if (!this.reply.hasBegun) throw error;
    this.finish({ error: errorOf(error), status: 200 });
  }

  private told(error: JsonValue | undefined, json: string): Told {
    const rpc = toRpcError(error);
    if (rpc) return this.crossing.error(this.relayed, rpc);
    const result = memberText(json, 'result');
    if (!result?.startsWith('{')) throw upstreamFailed(this.relayed.lent.grant, 'no_result');
    return { resultJson: this.crossing.result(this.relayed, result) };
  }
}
