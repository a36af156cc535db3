import { encodeResult, encodeSseEvent, type RpcId } from '@lethe/mcp';
import type { ReplySink } from '../../http/response-writer.js';
import { STREAM_HEADERS } from '../relay/event-stream-relay.js';
import type { Told } from './era-translator.js';

/** The answer to one translated request: one JSON body, or a stream once something comes before the end. */
export class ToldReply {
  private isStream = false;

  constructor(
    private readonly reply: ReplySink,
    private readonly id: RpcId,
  ) {}

  /** Something before the answer: a notification, or a comment. False when the client is slower. */
  before(text: string): boolean {
    if (!this.isStream) this.reply.beginStream(200, STREAM_HEADERS);
    this.isStream = true;
    return this.reply.write(text);
  }

  notification(json: string): boolean {
    return this.before(encodeSseEvent(json));
  }

  finish(told: Told): void {
    const body = 'error' in told ? errorJson(this.id, told) : encodeResult(this.id, told.resultJson);
    if (!this.isStream) return this.reply.json('error' in told ? told.status : 200, body);
    this.reply.write(encodeSseEvent(body));
    this.reply.end();
  }

  onceDrained(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  /** True when what goes wrong from now on has to be told in the stream. */
  get hasBegun(): boolean {
    return this.isStream;
  }
}

function errorJson(id: RpcId, { error }: Extract<Told, { error: unknown }>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
