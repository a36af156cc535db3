import {
  encodeSseEvent,
  encodeSseFields,
  type RpcId,
  SSE_COMMENT,
  type SseEvent,
  SseEventTooLarge,
  type SseFields,
  SseSplitter,
} from '@lethe/mcp';
import type { ReplySink } from '../exchange/reply-sink.js';
import type { BodyReader } from '../upstreams/response-handler.js';
import { withAsker } from './asker.js';
import { type Questions, UpstreamVoice } from './upstream-voice.js';

/** How an upstream's stream is told to its client. */
export interface StreamRules {
  readonly questions: Questions;
  /** What the client can take the stream up with after this event of the upstream; undefined when it can't. */
  place(eventId: string): string | undefined;
  /** The upstream asks what it may not. */
  refuse(id: RpcId): void;
}

/** Rules of a stream that answers one request. */
export interface AnswerRules extends StreamRules {
  /** The stream ended without the answer and can't be taken up again; returns what to tell the client instead. */
  onUnanswered(why: 'closed_early' | 'too_long'): string;
  /** The answer is on its way; what an upstream says after it is nobody's. */
  onAnswered?(): void;
}

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Older clients can't read an event without data. */
export const PRIMED_SINCE = '2025-11-25';

/** Hands a stream of events on, one by one: notifications and questions, the answer to this request once, nothing else. */
export class EventRelay implements BodyReader {
  private readonly splitter = new SseSplitter();
  private readonly voice: UpstreamVoice;
  private isAnswered = false;

  constructor(
    private readonly reply: ReplySink,
    private readonly id: RpcId,
    private readonly clientVersion: string,
    private readonly rules: AnswerRules,
    /** The client has a place to take the stream up from. */
    private hasPlace = false,
  ) {
    this.voice = new UpstreamVoice(rules.questions);
  }

  /** The client can take this stream up again: it has not lost its answer when the stream ends. */
  get isResumable(): boolean {
    return this.hasPlace && !this.isAnswered;
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    for (const event of this.splitter.push(chunk)) {
      const text = this.shown(event);
      if (text !== undefined) isReady = this.reply.write(text);
    }
    if (this.isAnswered) this.rules.onAnswered?.();
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
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
      this.reply.write(encodeSseEvent(this.rules.onUnanswered(isTooLong ? 'too_long' : 'closed_early')));
    }
    this.reply.end();
  }

  /** The event as the client gets it; undefined when it is not the client's. */
  private shown({ data, id, retryMs }: SseEvent): string | undefined {
    const isEmpty = data === undefined || data === '';
    const place = id === undefined || (isEmpty && this.clientVersion < PRIMED_SINCE) ? undefined : this.rules.place(id);
    if (isEmpty && place === undefined) return SSE_COMMENT;
    const marks = { id: place, retryMs };
    const text = isEmpty ? encodeSseFields(marks) : this.message(data, marks);
    this.hasPlace ||= text !== undefined && place !== undefined;
    return text;
  }

  private message(data: string, marks: SseFields): string | undefined {
    const heard = this.voice.hear(data);
    if (heard?.kind === 'refused') this.rules.refuse(heard.id);
    if (heard?.kind === 'told') return encodeSseEvent(heard.data, marks);
    if (heard?.kind !== 'answer' || heard.id !== this.id || this.isAnswered) return undefined;
    this.isAnswered = true;
    const { asker } = this.rules.questions;
    return encodeSseEvent(asker === undefined ? data : withAsker(data, asker), marks);
  }
}
