import type { JsonValue } from '@lethe/contracts';
import { encodeSseEvent, parseJson, type RpcId, scanMessage, type Span, SSE_COMMENT, SseSplitter } from '@lethe/mcp';
import type { ReplySink } from '../exchange/reply-sink.js';
import type { BodyReader } from '../upstreams/response-handler.js';

/** What an upstream's stream brought besides events for the client. */
export interface StreamEvents {
  /** The upstream asks the client something (JSON of the request's id). */
  onRequest(idJson: string): void;
  /** The stream ended without the answer; returns what to tell the client instead. */
  onUnanswered(): string;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * Hands a stream of events on, one by one: notifications untouched, the answer to this request once, nothing else. Event
 * ids are left out: what can't be resumed here must not look as if it could.
 */
export class EventRelay implements BodyReader {
  private readonly splitter = new SseSplitter();
  private isAnswered = false;

  constructor(
    private readonly reply: ReplySink,
    private readonly id: RpcId,
    private readonly events: StreamEvents,
    headers: Readonly<Record<string, string>>,
  ) {
    reply.beginStream(200, { ...headers, ...HEADERS });
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    for (const { data } of this.splitter.push(chunk)) {
      const text = data === undefined ? SSE_COMMENT : this.shown(data);
      if (text !== undefined) isReady = this.reply.write(text);
    }
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  end(): void {
    this.finish();
  }

  /** Also for a stream that broke: a client waits for nothing else. */
  finish(): void {
    if (!this.isAnswered) this.reply.write(encodeSseEvent(this.events.onUnanswered()));
    this.isAnswered = true;
    this.reply.end();
  }

  /** The event as the client gets it; undefined when it is not the client's. */
  private shown(data: string): string | undefined {
    const bytes = Buffer.from(data);
    const scan = scanMessage(bytes, Infinity);
    if (!scan.ok) return undefined;
    const id = jsonAt(bytes, scan.spans.get('id'));
    if (scan.spans.has('method')) {
      if (id !== undefined) this.events.onRequest(JSON.stringify(id));
      return id === undefined ? encodeSseEvent(data) : undefined;
    }
    if (id !== this.id || this.isAnswered) return undefined;
    this.isAnswered = true;
    return encodeSseEvent(data);
  }
}

function jsonAt(bytes: Buffer, span: Span | undefined): JsonValue | undefined {
  return span && parseJson(bytes.toString('utf8', span.start, span.end));
}
