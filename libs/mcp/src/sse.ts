/** One event of a server-sent event stream; `data` is undefined for comments and for events that only set an id. */
export interface SseEvent {
  event: string | undefined;
  data: string | undefined;
  id: string | undefined;
  /** How long to wait before connecting again. */
  retryMs: number | undefined;
}

/** Longest event that is accepted from an upstream. */
export const MAX_SSE_EVENT_BYTES = 16 * 1024 * 1024;

/** An event is longer than `MAX_SSE_EVENT_BYTES`. */
export class SseEventTooLarge extends Error {
  override readonly name = 'SseEventTooLarge';
}

const COLON = 0x3a;
const SPACE = 0x20;

/**
 * Splits a stream of bytes into events, independent of chunk borders, with any of the three line ends
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). See
 * docs/adr/0014-our-own-sse-reader.md for why this is not a library.
 */
export class SseSplitter {
  /** Joins characters that are split between chunks, and removes a byte order mark at the start of the stream. */
  private readonly decoder = new TextDecoder();
  /** Pieces of an unfinished line. They are joined when its end arrives. */
  private readonly pieces: string[] = [];
  private event: SseEvent | undefined;
  /** Bytes received since the last event ended. */
  private bufferedBytes = 0;
  private lastWasCr = false;

  /**
   * Returns the events that this chunk completes.
   * @throws SseEventTooLarge
   */
  push(chunk: Uint8Array): SseEvent[] {
    let buffered = this.bufferedBytes;
    const mayBeTooLong = buffered + chunk.length > MAX_SSE_EVENT_BYTES;
    const decoded = this.decode(chunk);
    const text = this.behindPieces(decoded);
    const carried = text.length - decoded.length;
    const events: SseEvent[] = [];
    let from = 0;
    let lf = text.indexOf('\n');
    let cr = text.indexOf('\r');
    let rest = 0;
    while (lf !== -1 || cr !== -1) {
      const end = firstOf(lf, cr);
      if (end > from) this.event = readLine(this.event, text, from, end);
      // A line feed directly after a carriage return belongs to the same line end.
      const next = end === cr && lf === cr + 1 ? lf + 1 : end + 1;
      if (end === from && this.event !== undefined) {
        if (mayBeTooLong) checkSize(buffered + Buffer.byteLength(text.slice(Math.max(rest, carried), end)));
        buffered = 0;
        events.push(this.event);
        this.event = undefined;
        rest = next;
      }
      from = next;
      lf = indexFrom(text, '\n', from, lf);
      cr = indexFrom(text, '\r', from, cr);
    }
    if (from < text.length) this.pieces.push(from === 0 ? text : text.slice(from));
    this.bufferedBytes = events.length === 0 ? buffered + chunk.length : Buffer.byteLength(text.slice(rest));
    checkSize(this.bufferedBytes);
    return events;
  }

  /** Decodes the chunk, without the line feed of a CRLF that began in the previous chunk. */
  private decode(chunk: Uint8Array): string {
    const text = this.decoder.decode(chunk, { stream: true });
    if (text === '') return text;
    const isSplitLineEnd = this.lastWasCr && text.startsWith('\n');
    this.lastWasCr = text.endsWith('\r');
    return isSplitLineEnd ? text.slice(1) : text;
  }

  /** Prepends the stored pieces to the text if their line ends in it. */
  private behindPieces(text: string): string {
    if (this.pieces.length === 0 || (!text.includes('\n') && !text.includes('\r'))) return text;
    return this.pieces.splice(0).join('') + text;
  }
}

function checkSize(bytes: number): void {
  if (bytes > MAX_SSE_EVENT_BYTES) throw new SseEventTooLarge('an event is longer than allowed');
}

/** The smaller of two indices; -1 means none. */
function firstOf(one: number, other: number): number {
  return other === -1 || (one !== -1 && one < other) ? one : other;
}

/** Index of the first `char` at or after `from`; `known` is the result of the last search. */
function indexFrom(text: string, char: string, from: number, known: number): number {
  return known !== -1 && known < from ? text.indexOf(char, from) : known;
}

/** Adds a non-empty line to its event, or starts an event. */
function readLine(event: SseEvent | undefined, text: string, start: number, end: number): SseEvent {
  const into = event ?? { event: undefined, data: undefined, id: undefined, retryMs: undefined };
  if (text.startsWith('data:', start)) addData(into, valueOf(text, start + 5, end));
  else if (text.charCodeAt(start) !== COLON) readField(into, text.slice(start, end));
  return into;
}

function readField(into: SseEvent, line: string): void {
  const colon = line.indexOf(':');
  const field = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : valueOf(line, colon + 1, line.length);
  if (field === 'data') addData(into, value);
  else if (field === 'event') into.event = value;
  else if (field === 'id' && !value.includes('\0')) into.id = value;
  else if (field === 'retry' && /^\d{1,9}$/.test(value)) into.retryMs = Number(value);
}

function addData(into: SseEvent, value: string): void {
  into.data = into.data === undefined ? value : `${into.data}\n${value}`;
}

/** A field's value, without one space after the colon. */
function valueOf(text: string, start: number, end: number): string {
  return text.slice(start < end && text.charCodeAt(start) === SPACE ? start + 1 : start, end);
}

/** Shortest and longest time after which a stream is opened again, whatever its server says. */
export const SSE_RETRY_MS = { least: 50, most: 30_000 } as const;

/**
 * The `retry` of an upstream as a client gets it: clients use the last one for all their streams, also those with the messages
 * of other upstreams.
 */
export function boundedRetryMs(retryMs: number): number {
  return Math.min(SSE_RETRY_MS.most, Math.max(SSE_RETRY_MS.least, retryMs));
}

/** The fields of an event that concern its stream: where to resume it, and how long to wait before that. */
export interface SseFields {
  readonly id?: string | undefined;
  readonly retryMs?: number | undefined;
}

/** Encodes an event with data. Each line of the data becomes one `data` line. */
export function encodeSseEvent(data: string, fields: SseFields = {}): string {
  const lines = data.includes('\n') ? data.split('\n').join('\ndata: ') : data;
  return `event: message\n${encodeFields(fields)}data: ${lines}\n\n`;
}

/** Encodes an event without data, from which a stream can be resumed (MCP 2025-11-25, transports, priming event). */
export function encodeSseFields(fields: SseFields): string {
  return `${encodeFields(fields)}data: \n\n`;
}

function encodeFields({ id, retryMs }: SseFields): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${retryMs === undefined ? '' : `retry: ${retryMs}\n`}`;
}

/** A comment, sent to keep a quiet stream open. */
export const SSE_COMMENT = ':\n\n';
