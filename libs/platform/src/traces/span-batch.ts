import type { SpanClock } from './span-clock.js';
import { CLOSED, moreOf, spanFlags, WITH_PARENT, WITHOUT_PARENT } from './span-json.js';
import type { Span, SpanEnd, SpanForm, SpanTimes } from './tracer.js';

const BYTES_PER_SPAN = 1_024;
/** Most bytes of a character in UTF-8, per unit of a string. */
const MAX_BYTES_PER_UNIT = 3;
const COMMA = 0x2c;
const DIGIT_ZERO = 0x30;

/**
 * Encoded spans that are sent together. They are bytes from the beginning: thousands of waiting strings would be moved by
 * the garbage collector again and again. A span is copied from bytes that were made beforehand; only its ids and times are
 * written one by one.
 */
export class SpanBatch {
  private bytes: Buffer<ArrayBuffer>;
  private length: number;
  count = 0;

  /** @param head what stands before the spans */
  constructor(
    private readonly head: Buffer,
    expected: number,
    private readonly clock: SpanClock,
  ) {
    this.bytes = Buffer.allocUnsafeSlow(head.length + expected * BYTES_PER_SPAN);
    this.length = head.copy(this.bytes);
  }

  add(span: Span, form: SpanForm, end: SpanEnd | undefined, times: SpanTimes): void {
    const { bytes: start, at } = span.parent ? WITH_PARENT : WITHOUT_PARENT;
    const more = moreOf(form, end);
    this.reserve(start.length + form.bytes.length + more.length * MAX_BYTES_PER_UNIT + 1);
    const { bytes, clock } = this;
    if (this.count > 0) bytes[this.length++] = COMMA;
    const from = this.length;
    bytes.set(start, from);
    writeAscii(bytes, from + at.traceId, span.traceId);
    writeAscii(bytes, from + at.spanId, span.spanId);
    if (span.parent) writeAscii(bytes, from + at.parentId, span.parent.spanId);
    writeNumber(bytes, from + at.flags, spanFlags(span));
    clock.write(times.startedAt, bytes, from + at.startedAt);
    clock.write(times.endedAt, bytes, from + at.endedAt);
    bytes.set(form.bytes, from + start.length);
    this.length = from + start.length + form.bytes.length;
    this.length += more === CLOSED ? writeAscii(bytes, this.length, more) : bytes.write(more, this.length);
    this.count += 1;
  }

  /** All of it. @param tail what stands behind the spans */
  closed(tail: string): Buffer<ArrayBuffer> {
    this.reserve(tail.length);
    return this.bytes.subarray(0, this.length + this.bytes.write(tail, this.length, 'latin1'));
  }

  /** Makes it empty again. */
  clear(): void {
    this.length = this.head.length;
    this.count = 0;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2 + more);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** For so few characters, a call of node's own costs more. */
function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let n = 0; n < text.length; n++) bytes[at + n] = text.charCodeAt(n);
  return text.length;
}

/** Three digits. */
function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  bytes[at] = DIGIT_ZERO + Math.floor(number / 100);
  bytes[at + 1] = DIGIT_ZERO + (Math.floor(number / 10) % 10);
  bytes[at + 2] = DIGIT_ZERO + (number % 10);
}
