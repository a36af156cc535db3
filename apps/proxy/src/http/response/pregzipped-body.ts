import { crc32, deflateRawSync } from 'node:zlib';
import { toLatin1Bytes } from './encodings.js';

/** Shorter bodies are not worth compressing. */
const MIN_PACKED_BYTES = 1_024;
/** The first request compresses the body synchronously; longer bodies would delay other requests. */
const MAX_PACKED_BYTES = 4 * 1024 * 1024;
/** RFC 1952, section 8: the polynomial of the CRC, its highest power in the lowest bit. */
const POLYNOMIAL = 0xedb88320;
/** The polynomial 1, whose only power is in the highest bit. */
const ONE = 0x80000000;
/** RFC 1952, section 2.3: deflate, no flags, no time, no system; then RFC 1951, section 3.2.4: a stored block. */
const GZIP_HEAD = String.fromCharCode(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0);
/** RFC 1951, section 3.2.4: the largest content of a stored block. */
const MAX_STORED_BYTES = 0xff_ff;

/** The part of the gzip that is the same for every start. */
interface Packed {
  /** One character per byte. */
  readonly deflated: string;
  readonly crc: number;
  /** What the CRC of a start is multiplied with when the body follows it: x to the power of the body's length in bits. */
  readonly shift: number;
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
  return { deflated: deflateRawSync(bytes).toString('latin1'), crc, shift: crc32(bytes, ONE) ^ crc };
}

/** The CRC of a start and the body after it, without reading the body again: that would cost more than everything else. */
function crcOf(start: string, { crc, shift }: Packed): number {
  return (product(crc32(start), shift) ^ crc) >>> 0;
}

/** The product of two polynomials over GF(2), modulo that of the CRC. */
function product(one: number, other: number): number {
  let sum = 0;
  let shifted = other;
  // As a signed number: it is negative if its highest bit is set.
  for (let left = one | 0; left !== 0; left <<= 1) {
    if (left < 0) sum ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return sum;
}
