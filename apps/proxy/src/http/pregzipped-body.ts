import { crc32, deflateRawSync } from 'node:zlib';
import { toLatin1Bytes } from './byte-characters.js';

/** Shorter ones are not worth packing. */
const MIN_PACKED_BYTES = 1_024;
/** Packing happens at once, in the request that first asks: longer ones would keep the others waiting. */
const MAX_PACKED_BYTES = 1024 * 1024;
/** RFC 1952, section 2.3: deflate, no flags, no time, no system; then RFC 1951, section 3.2.4: a stored block. */
const GZIP_HEAD = String.fromCharCode(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0);
/** RFC 1951, section 3.2.4: the most that one stored block holds. */
const MAX_STORED_BYTES = 0xff_ff;

/** What of the gzip of an answer is the same whatever stands before the page. */
interface Packed {
  /** One character per byte. */
  readonly deflated: string;
  readonly crc: number;
  /** What each bit of the start's CRC becomes behind the page: CRCs are linear. */
  readonly moved: Uint32Array;
}

/** One page of a list, as the bytes that end every answer with it; what stands before them differs by the request's id. */
export class PregzippedBody {
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
   * The gzip of an answer (RFC 1952), one character per byte: its start in a stored block, then the page, which is packed
   * once for all answers. Undefined where packing is not worth it.
   */
  gzip(start: string): string | undefined {
    const { length } = this.bytes;
    if (!this.isKept || length < MIN_PACKED_BYTES || length > MAX_PACKED_BYTES) return undefined;
    const stored = toLatin1Bytes(start);
    if (stored.length > MAX_STORED_BYTES) return undefined;
    const packed = (this.packed ??= pack(this.bytes));
    const lengths = twoBytes(stored.length) + twoBytes(stored.length ^ MAX_STORED_BYTES);
    const tail = fourBytes(crcOf(start, packed)) + fourBytes(stored.length + length);
    return GZIP_HEAD + lengths + stored + packed.deflated + tail;
  }
}

/** Least significant byte first. */
function twoBytes(value: number): string {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff);
}

function fourBytes(value: number): string {
  return twoBytes(value) + twoBytes(value >>> 16);
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
  return { deflated: deflateRawSync(bytes).toString('latin1'), crc, moved };
}

/** The CRC of a start and the page behind it, without reading the page again: that would cost more than all the rest. */
function crcOf(start: string, { crc, moved }: Packed): number {
  const ofStart = crc32(start);
  let sum = crc;
  for (let bit = 0; bit < 32; bit++) if ((ofStart >>> bit) & 1) sum ^= moved[bit] ?? 0;
  return sum >>> 0;
}
