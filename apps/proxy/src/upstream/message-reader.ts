import { parseJson, SSE_COMMENT, SseSplitter } from '@lethe/mcp';
import type { JsonValue } from '@lethe/contracts';
import type { BodyReader } from './response-handler.js';

/** Longest JSON response that is buffered for translation. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A message is too long to be buffered. */
export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong';
}

/** A reader throws this when it needs no more of a response; the exchange with the upstream then ends. */
export class StopReading extends Error {
  override readonly name = 'StopReading';
}

/** Handles the messages of one response. */
export interface MessageHandler {
  /**
   * Takes one message, its text and the id of its event. Returns false when the client is slower: `onDrain` says when
   * to go on.
   */
  take(message: JsonValue, json: string, eventId: string | undefined): boolean;
  /** A comment between messages, which keeps the connection open. */
  alive?(comment: string): boolean;
  onDrain?(resume: () => void): void;
}

/** Reads a response message by message: a JSON body as one message, a stream of events as one message per event. */
export class MessageReader implements BodyReader {
  private readonly splitter: SseSplitter | undefined;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private eventId: string | undefined;

  constructor(
    isStream: boolean,
    private readonly taker: MessageHandler,
  ) {
    this.splitter = isStream ? new SseSplitter() : undefined;
  }

  data(chunk: Buffer): boolean {
    if (!this.splitter) return this.hold(chunk);
    let isReady = true;
    for (const { data, id } of this.splitter.push(chunk)) {
      this.eventId = id ?? this.eventId;
      if (data) isReady = this.taken(data);
      else if (data === undefined && id === undefined) isReady = this.taker.alive?.(SSE_COMMENT) ?? true;
    }
    return isReady;
  }

  onDrain(resume: () => void): void {
    if (this.taker.onDrain) this.taker.onDrain(resume);
    else resume();
  }

  end(): void {
    const [first, more] = this.chunks;
    if (!this.splitter) this.taken((first && !more ? first : Buffer.concat(this.chunks)).toString('utf8'));
  }

  private hold(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > MAX_BYTES) throw new MessageTooLong('an answer is longer than can be translated');
    this.chunks.push(chunk);
    return true;
  }

  private taken(json: string): boolean {
    const message = parseJson(json);
    return message === undefined || this.taker.take(message, json, this.eventId);
  }
}
