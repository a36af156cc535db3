/** One event of a server-sent event stream; `data` is undefined for comments and for events that only set an id. */
export interface SseEvent {
  event: string | undefined;
  data: string | undefined;
  id: string | undefined;
  /** How long to wait before connecting again. */
  retryMs: number | undefined;
}

/** Longest event that is taken from an upstream. */
export const MAX_SSE_EVENT_BYTES = 16 * 1024 * 1024;

/** An event is longer than allowed; the stream is not read further. */
export class SseEventTooLarge extends Error {
  override readonly name = 'SseEventTooLarge';
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream of bytes into events, whatever the chunks and whichever of the three line ends it uses
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 */
export class SseSplitter {
  private readonly held: Buffer[] = [];
  private heldBytes = 0;
  private lineLength = 0;
  private hasLines = false;
  private lastWasCr = false;

  /** Events that this chunk completes. */
  push(chunk: Buffer): SseEvent[] {
    const events: SseEvent[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      const endsCrLf = byte === LF && this.lastWasCr;
      this.lastWasCr = byte === CR;
      if (endsCrLf) continue;
      if (byte !== LF && byte !== CR) this.lineLength += 1;
      else if (this.endLine()) {
        events.push(this.take(chunk.subarray(from, at)));
        from = at + 1;
      }
    }
    this.hold(chunk.subarray(from));
    return events;
  }

  /** True when the line that ends here is the empty one that ends an event. */
  private endLine(): boolean {
    const isEmpty = this.lineLength === 0;
    const endsEvent = isEmpty && this.hasLines;
    this.hasLines = !isEmpty;
    this.lineLength = 0;
    return endsEvent;
  }

  private hold(rest: Buffer): void {
    if (rest.length === 0) return;
    this.heldBytes += rest.length;
    if (this.heldBytes > MAX_SSE_EVENT_BYTES) throw new SseEventTooLarge('an event is longer than allowed');
    this.held.push(rest);
  }

  private take(last: Buffer): SseEvent {
    this.hold(last);
    const bytes = this.held.length === 1 && this.held[0] ? this.held[0] : Buffer.concat(this.held);
    this.held.length = 0;
    this.heldBytes = 0;
    return parseEvent(bytes.toString('utf8'));
  }
}

function parseEvent(text: string): SseEvent {
  const parsed: SseEvent = { event: undefined, data: undefined, id: undefined, retryMs: undefined };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') parsed.data = parsed.data === undefined ? value : `${parsed.data}\n${value}`;
    else if (field === 'event') parsed.event = value;
    else if (field === 'id' && !value.includes('\0')) parsed.id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) parsed.retryMs = Number(value);
  }
  return parsed;
}

/** What an event says about its stream besides its data. */
export interface SseMarks {
  readonly id?: string | undefined;
  readonly retryMs?: number | undefined;
}

/** A message event; line breaks inside the data become further data lines. */
export function encodeSseEvent(data: string, marks: SseMarks = {}): string {
  const lines = data.includes('\n') ? data.split('\n').join('\ndata: ') : data;
  return `event: message\n${encodeMarks(marks)}data: ${lines}\n\n`;
}

/** An event without a message, from which a stream can be resumed (MCP 2025-11-25, transports, priming event). */
export function encodeSseMarks(marks: SseMarks): string {
  return `${encodeMarks(marks)}data: \n\n`;
}

function encodeMarks({ id, retryMs }: SseMarks): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${retryMs === undefined ? '' : `retry: ${retryMs}\n`}`;
}

/** Keeps a quiet stream open on its way. */
export const SSE_COMMENT = ':\n\n';
