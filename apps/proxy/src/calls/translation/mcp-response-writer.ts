import { encodeResult, encodeSseEvent, type RpcId } from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response-writer.js';
import { STREAM_HEADERS } from '../../http/stream-headers.js';
import type { ClientOutcome } from './era-translator.js';

/** The answer to one translated request: one JSON body, or a stream once something comes before the end. */
export class McpResponseWriter {
  private isStream = false;

  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
  ) {}

  /** Something before the answer: a notification, or a comment. False when the client is slower. */
  before(text: string): boolean {
    if (!this.isStream) this.response.beginStream(200, STREAM_HEADERS);
    this.isStream = true;
    return this.response.write(text);
  }

  notification(json: string): boolean {
    return this.before(encodeSseEvent(json));
  }

  finish(outcome: ClientOutcome): void {
    const body = 'error' in outcome ? errorJson(this.id, outcome) : encodeResult(this.id, outcome.resultJson);
    if (!this.isStream) return this.response.sendJson('error' in outcome ? outcome.status : 200, body);
    this.response.write(encodeSseEvent(body));
    this.response.end();
  }

  onceDrained(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  /** True when what goes wrong from now on has to be told in the stream. */
  get hasBegun(): boolean {
    return this.isStream;
  }
}

function errorJson(id: RpcId, { error }: Extract<ClientOutcome, { error: unknown }>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
