import { crc32, deflateRawSync } from 'node:zlib';
import { toLatin1Bytes } from './encodings.js';

/** Shorter bodies are not worth compressing. */
const MIN_PACKED_BYTES = 1_024;
/** The first request compresses the body synchronously; longer bodies would delay other requests. */
const MAX_PACKED_BYTES = 1024 * 1024;
/** RFC 1952, section 2.3: deflate, no flags, no time, no system; then RFC 1951, section 3.2.4: a stored block. */
const GZIP_HEAD = String.fromCharCode(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0);
/** RFC 1951, section 3.2.4: the largest content of a stored block. */
const MAX_STORED_BYTES = 0xff_ff;

/** The part of the gzip that is the same for every start. */
interface Packed {
  /** One character per byte. */
  readonly deflated: string;
  readonly crc: number;
  /** The part of each bit of the start's CRC in the CRC of the whole: CRCs are linear. */
  readonly moved: Uint32Array;
}

/** The JSON at the end of many responses, such as one page of a list. Only their starts differ, by the request's id. */
export class PregzippedBody {
  readonly bytes: Buffer;
  private packed: Packed | undefined;

  /** @param isKept whether it is used for many responses; only then it is worth compressing */
  constructor(
    bytes: Buffer,
    private readonly isKept: boolean,
  ) {
    this.bytes = isKept ? unpooled(bytes) : bytes;
  }

  /**
   * The gzip (RFC 1952) of a response, one character per byte: its start in a stored block, then the body, which is
   * compressed once for all responses. Undefined when compressing is not worth it.
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

/** Two bytes, the least significant first. */
function twoBytes(value: number): string {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff);
}

function fourBytes(value: number): string {
  return twoBytes(value) + twoBytes(value >>> 16);
}

/** Copies the bytes to their own memory: a slice of a buffer pool would keep the whole pool in memory. */
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

/** The CRC of a start and the body after it, without reading the body again: that would cost more than everything else. */
function crcOf(start: string, { crc, moved }: Packed): number {
  const ofStart = crc32(start);
  let sum = crc;
  for (let bit = 0; bit < 32; bit++) if ((ofStart >>> bit) & 1) sum ^= moved[bit] ?? 0;
  return sum >>> 0;
}
