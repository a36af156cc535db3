import { crc32, deflateRawSync } from 'node:zlib';

/** Shorter ones are not worth packing. */
const MIN_PACKED_BYTES = 1_024;
/** Packing happens at once, in the request that first asks: longer ones would keep the others waiting. */
const MAX_PACKED_BYTES = 1024 * 1024;
/** RFC 1952, section 2.3: deflate, no flags, no time, no system. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const STORED_HEAD_BYTES = 5;
const TAIL_BYTES = 8;
/** RFC 1951, section 3.2.4: the most that one stored block holds. */
const MAX_STORED_BYTES = 0xff_ff;

/** What of the gzip of an answer is the same whatever stands before the page. */
interface Packed {
  readonly deflated: Buffer;
  readonly crc: number;
  /** What each bit of the start's CRC becomes behind the page: CRCs are linear. */
  readonly moved: Uint32Array;
}

/** One page of a list, as the bytes that end every answer with it; what stands before them differs by the request's id. */
export class Page {
  readonly bytes: Buffer;
  private packed: Packed | undefined;

  /** @param isKept many answers end with it */
  constructor(
    bytes: Buffer,
    private readonly isKept: boolean,
  ) {
    this.bytes = isKept ? unpooled(bytes) : bytes;
  }

  /**
   * The gzip of an answer (RFC 1952): its start in a stored block, then the page, which is packed once for all answers.
   * Undefined where packing is not worth it.
   */
  gzip(start: Buffer): Buffer | undefined {
    const { length } = this.bytes;
    if (!this.isKept || length < MIN_PACKED_BYTES || length > MAX_PACKED_BYTES) return undefined;
    if (start.length > MAX_STORED_BYTES) return undefined;
    const packed = (this.packed ??= pack(this.bytes));
    const around = Buffer.allocUnsafe(STORED_HEAD_BYTES + TAIL_BYTES);
    around.writeUInt8(0, 0);
    around.writeUInt16LE(start.length, 1);
    around.writeUInt16LE(start.length ^ MAX_STORED_BYTES, 3);
    around.writeUInt32LE(crcOf(start, packed), STORED_HEAD_BYTES);
    around.writeUInt32LE(start.length + length, STORED_HEAD_BYTES + 4);
    const [head, tail] = [around.subarray(0, STORED_HEAD_BYTES), around.subarray(STORED_HEAD_BYTES)];
    return Buffer.concat([GZIP_HEAD, head, start, packed.deflated, tail]);
  }
}

/** A copy that keeps nothing else in memory: a slice of a pool would keep the whole of it, as long as the page is kept. */
function unpooled(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

function pack(bytes: Buffer): Packed {
  const crc = crc32(bytes);
  const moved = Uint32Array.from({ length: 32 }, (_, bit) => crc32(bytes, (1 << bit) >>> 0) ^ crc);
  return { deflated: unpooled(deflateRawSync(bytes)), crc, moved };
}

/** The CRC of a start and the page behind it, without reading the page again: that would cost more than all the rest. */
function crcOf(start: Buffer, { crc, moved }: Packed): number {
  const ofStart = crc32(start);
  let sum = crc;
  for (let bit = 0; bit < 32; bit++) if ((ofStart >>> bit) & 1) sum ^= moved[bit] ?? 0;
  return sum >>> 0;
}
