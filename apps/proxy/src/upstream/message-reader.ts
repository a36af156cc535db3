import { parseJson, SSE_COMMENT, SseSplitter } from '@lethe/mcp';
import type { JsonValue } from '@lethe/contracts';
import type { BodyReader } from './response-handler.js';

/** Longest JSON answer that is held to be translated. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A message is longer than can be translated. */
export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong';
}

/** No more of this answer is wanted; thrown out of a reader it ends the exchange with the upstream. */
export class StopReading extends Error {
  override readonly name = 'StopReading';
}

/** What is done with the messages of one answer. */
export interface MessageHandler {
  /** One message, its text and the id of its event. False when the client is slower: `onDrain` says when to go on. */
  take(message: JsonValue, json: string, eventId: string | undefined): boolean;
  /** A sign of life between messages. */
  alive?(comment: string): boolean;
  onDrain?(resume: () => void): void;
}

/** Reads an answer message by message: a JSON body as one, a stream of events one by one. */
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
