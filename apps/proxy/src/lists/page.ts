import { crc32, deflateRawSync } from 'node:zlib';

/** Shorter ones are not worth packing: they leave with their head in one piece as they are. */
const MIN_PACKED_BYTES = 1_024;
/** RFC 1952, section 2.3: deflate, no flags, no time, no system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const STORED_HEAD_BYTES = 5;
const TAIL_BYTES = 8;
/** RFC 1951, section 3.2.4: the most that one stored block holds. */
const MAX_STORED_BYTES = 0xff_ff;

/** One page of a list, as the bytes that end every answer with it; what stands before them differs by the request's id. */
export class Page {
  private packed: Buffer | undefined;

  /** @param isKept many answers end with it */
  constructor(
    readonly bytes: Buffer,
    private readonly isKept: boolean,
  ) {}

  /**
   * The gzip of an answer (RFC 1952): its start in a stored block, then the page, which is packed once for all answers.
   * Undefined where packing is not worth it.
   */
  gzip(start: Buffer): Buffer | undefined {
    if (!this.isKept || this.bytes.length < MIN_PACKED_BYTES || start.length > MAX_STORED_BYTES) return undefined;
    const packed = (this.packed ??= deflateRawSync(this.bytes));
    const around = Buffer.allocUnsafe(STORED_HEAD_BYTES + TAIL_BYTES);
    around.writeUInt8(0, 0);
    around.writeUInt16LE(start.length, 1);
    around.writeUInt16LE(start.length ^ MAX_STORED_BYTES, 3);
    around.writeUInt32LE(crc32(this.bytes, crc32(start)), STORED_HEAD_BYTES);
    around.writeUInt32LE(start.length + this.bytes.length, STORED_HEAD_BYTES + 4);
    const [head, tail] = [around.subarray(0, STORED_HEAD_BYTES), around.subarray(STORED_HEAD_BYTES)];
    return Buffer.concat([GZIP_HEAD, head, start, packed, tail]);
  }
}
