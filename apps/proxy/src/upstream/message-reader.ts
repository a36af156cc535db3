import { eventMessage, messageText, parseJson, SseSplitter } from '@lethe/mcp';
import type { JsonValue } from '@lethe/contracts';
import type { BodyReader } from './body-reader.js';
import type { ReadingPace } from './paced-reader.js';

/** Longest JSON response that is buffered for translation. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A message is too long to be buffered. */
export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong';
}

/** A reader throws this when it needs no more of a response. The upstream request is then aborted. */
export class StopReading extends Error {
  override readonly name = 'StopReading';
}

/** Handles the messages of one response. */
export interface MessageHandler {
  /**
   * Handles one message, its text and the id of its event. Returns false if the client reads too slowly: `onDrain` then
   * reports when to continue.
   */
  onMessage(message: JsonValue, json: string, eventId: string | undefined): boolean;
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
    private readonly handler: MessageHandler,
    private readonly pace?: ReadingPace,
  ) {
    this.splitter = isStream ? new SseSplitter() : undefined;
  }

  data(chunk: Buffer): boolean {
    if (!this.splitter) return this.buffer(chunk);
    let isReady = true;
    const events = this.splitter.push(chunk);
    this.pace?.read(events.length);
    for (const event of events) {
      const json = eventMessage(event);
      this.eventId = event.id ?? this.eventId;
      if (json !== undefined) isReady = this.deliver(json);
    }
    return isReady;
  }

  onDrain(resume: () => void): void {
    if (this.handler.onDrain) this.handler.onDrain(resume);
    else resume();
  }

  end(): void {
    const [first, more] = this.chunks;
    const body = first && !more ? first : Buffer.concat(this.chunks);
    if (!this.splitter) this.deliver(messageText(body.toString('utf8')));
  }

  private buffer(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > MAX_BYTES) throw new MessageTooLong('the response is too long to be translated');
    this.chunks.push(chunk);
    return true;
  }

  private deliver(json: string): boolean {
    const message = parseJson(json);
    return message === undefined || this.handler.onMessage(message, json, this.eventId);
  }
}
