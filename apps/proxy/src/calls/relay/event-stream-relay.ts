import {
  encodeSseEvent,
  encodeSseMarks,
  type RpcId,
  SSE_COMMENT,
  SseEventTooLarge,
  type SseEvent,
  type SseMarks,
  SseSplitter,
} from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response-writer.js';
import type { BodyReader } from '../../upstream/response-handler.js';
import { prefixSource } from '../../server-requests/attribution.js';
import { type ServerRequestPolicy, ServerMessageRewriter } from '../../server-requests/message-rewriter.js';

/** How an upstream's stream is told to its client. */
export interface StreamRules {
  readonly policy: ServerRequestPolicy;
  /** What the client can take the stream up with after this event of the upstream; undefined when it can't. */
  resumptionPoint(eventId: string): string | undefined;
  /** The upstream asks what it may not. */
  refuse(id: RpcId, method: string): void;
}

/** Rules of a stream that answers one request. */
export interface ResponseRules extends StreamRules {
  /** The stream ended without the answer and can't be taken up again; returns what to tell the client instead. */
  onUnanswered(why: 'closed_early' | 'too_long'): string;
  /** The answer is on its way; what an upstream says after it is nobody's. */
  onAnswered?(): void;
}

/** Older clients can't read an event without data. */
export const PRIMING_EVENT_SINCE = '2025-11-25';

/** Hands a stream of events on, one by one: notifications and questions, the answer to this request once, nothing else. */
export class EventStreamRelay implements BodyReader {
  private readonly splitter = new SseSplitter();
  private readonly rewriter: ServerMessageRewriter;
  private isAnswered = false;

  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
    private readonly clientVersion: string,
    private readonly rules: ResponseRules,
    /** The client has a place to take the stream up from. */
    private isResumptionOffered = false,
  ) {
    this.rewriter = new ServerMessageRewriter(rules.policy);
  }

  /** The client can take this stream up again: it has not lost its answer when the stream ends. */
  get isResumable(): boolean {
    return this.isResumptionOffered && !this.isAnswered;
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    for (const event of this.splitter.push(chunk)) {
      const text = this.shown(event);
      if (text !== undefined) isReady = this.response.write(text);
    }
    if (this.isAnswered) this.rules.onAnswered?.();
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  end(): void {
    this.finish();
  }

  /**
   * Also for a stream that broke: a client waits for nothing else, unless it can take the stream up again. An event that is
   * too long would come again.
   */
  finish(error?: unknown): void {
    const isTooLong = error instanceof SseEventTooLarge;
    if (!this.isAnswered && (isTooLong || !this.isResumable)) {
      this.isAnswered = true;
      this.response.write(encodeSseEvent(this.rules.onUnanswered(isTooLong ? 'too_long' : 'closed_early')));
    }
    this.response.end();
  }

  /** The event as the client gets it; undefined when it is not the client's. */
  private shown({ data, id, retryMs }: SseEvent): string | undefined {
    const isEmpty = data === undefined || data === '';
    const resumptionPoint =
      id === undefined || (isEmpty && this.clientVersion < PRIMING_EVENT_SINCE)
        ? undefined
        : this.rules.resumptionPoint(id);
    if (isEmpty && resumptionPoint === undefined) return SSE_COMMENT;
    const marks = { id: resumptionPoint, retryMs };
    const text = isEmpty ? encodeSseMarks(marks) : this.message(data, marks);
    this.isResumptionOffered ||= text !== undefined && resumptionPoint !== undefined;
    return text;
  }

  private message(data: string, marks: SseMarks): string | undefined {
    const message = this.rewriter.rewrite(data);
    if (message?.kind === 'refused') this.rules.refuse(message.id, message.method);
    if (message?.kind === 'forwarded') return encodeSseEvent(message.data, marks);
    if (message?.kind !== 'response' || message.id !== this.id || this.isAnswered) return undefined;
    this.isAnswered = true;
    const { source } = this.rules.policy;
    return encodeSseEvent(source === undefined ? data : prefixSource(data, source), marks);
  }
}
