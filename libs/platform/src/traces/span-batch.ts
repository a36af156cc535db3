const BYTES_PER_SPAN = 1_024;
/** Most bytes of a character in UTF-8, per unit of a string. */
const MAX_BYTES_PER_UNIT = 3;
const COMMA = 0x2c;

/**
 * Encoded spans that are sent together. They are bytes from the beginning: thousands of waiting strings would be moved by
 * the garbage collector again and again.
 */
export class SpanBatch {
  private bytes: Buffer<ArrayBuffer>;
  private length: number;
  count = 0;

  /** @param head what stands before the spans */
  constructor(
    private readonly head: Buffer,
    expected: number,
  ) {
    this.bytes = Buffer.allocUnsafeSlow(head.length + expected * BYTES_PER_SPAN);
    this.length = head.copy(this.bytes);
  }

  add(span: string): void {
    this.reserve(span.length * MAX_BYTES_PER_UNIT + 1);
    if (this.count > 0) this.bytes[this.length++] = COMMA;
    this.length += this.bytes.write(span, this.length);
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
