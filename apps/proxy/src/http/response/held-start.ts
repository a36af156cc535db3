import type { ResponseHeaders } from './response-queue.js';

/** Longest beginning that is held. A longer one is sent at once. */
const MAX_HELD_CHARACTERS = 8 * 1024;

/**
 * The beginning of a stream of events, until the end of its turn of the event loop. Most streams end in it: their one event
 * is a response that was ready. Such a stream is sent as one complete response, like one with a JSON body.
 */
export class HeldStart {
  private text = '';
  private readonly turnEnd: NodeJS.Immediate;

  constructor(
    readonly status: number,
    readonly headers: ResponseHeaders,
    onTurnEnd: (start: HeldStart) => void,
  ) {
    this.turnEnd = setImmediate(() => onTurnEnd(this));
  }

  /** Adds an event. Returns false if it is too long to be held: it was not added. */
  add(event: string): boolean {
    if (this.text.length + event.length > MAX_HELD_CHARACTERS) return false;
    this.text += event;
    return true;
  }

  /** All that was added. Its turn's end is not waited for any more. */
  take(): string {
    clearImmediate(this.turnEnd);
    return this.text;
  }
}
