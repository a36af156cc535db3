import { MIN_SECRET_LENGTH, secretPart, WINDOW_LENGTH } from './secret-parts.js';

/** Bytes that are looked up together. Any 8 bytes contain 4 that start at a multiple of 4. */
const GRAM = 4;
const FILTER_BITS = 17;

interface Pattern {
  bytes: Uint8Array;
  /** How many of its bytes in a row are a hit. */
  needed: number;
}

/**
 * Finds secrets in bytes, in whatever letter case. A short secret must appear whole; of a longer one, any 16 bytes in a row
 * count. Only every fourth position is looked up, and a hit is then extended in both directions.
 */
export class SecretMatcher {
  private readonly positions = new Map<number, { pattern: Pattern; at: number }[]>();
  /** Which hashes of grams occur: most positions need no more than this. */
  private readonly filter = new Uint8Array(1 << FILTER_BITS);

  constructor(secrets: readonly string[]) {
    for (const secret of secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH)) {
      const part = secretPart(secret);
      const dense = part.replace(/[^A-Za-z0-9\u0080-\uffff]+/g, '');
      // Of a short secret, letters and digits alone could be ordinary words.
      for (const text of dense.length < WINDOW_LENGTH ? [part] : new Set([part, dense])) this.add(text);
    }
  }

  get isEmpty(): boolean {
    return this.positions.size === 0;
  }

  matches(bytes: Uint8Array): boolean {
    for (let at = 0; at + GRAM <= bytes.length; at += GRAM) {
      const gram = gramAt(bytes, at);
      if (this.filter[hashOf(gram)] === 0) continue;
      const found = this.positions.get(gram);
      if (found?.some((position) => isRun(bytes, at, position.pattern, position.at)) === true) return true;
    }
    return false;
  }

  private add(text: string): void {
    const bytes = Buffer.from(text, 'utf8').map(folded);
    const needed = Math.min(bytes.length, WINDOW_LENGTH);
    for (const pattern of [
      { bytes, needed },
      { bytes: bytes.toReversed(), needed },
    ]) {
      for (let at = 0; at + GRAM <= bytes.length; at += 1) {
        const gram = gramAt(pattern.bytes, at);
        this.filter[hashOf(gram)] = 1;
        this.positions.set(gram, [...(this.positions.get(gram) ?? []), { pattern, at }]);
      }
    }
  }
}

function folded(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => folded(byte));

function foldedAt(bytes: Uint8Array, at: number): number {
  return FOLD[bytes[at] ?? 0] ?? 0;
}

function gramAt(bytes: Uint8Array, at: number): number {
  const low = foldedAt(bytes, at) | (foldedAt(bytes, at + 1) << 8);
  return low | (foldedAt(bytes, at + 2) << 16) | (foldedAt(bytes, at + 3) << 24);
}

function hashOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

/** Whether enough bytes around these two positions are the same. */
function isRun(text: Uint8Array, textAt: number, { bytes, needed }: Pattern, at: number): boolean {
  let length = 0;
  while (length < needed && isSame(text, textAt + length, bytes, at + length)) length += 1;
  for (let back = 1; length < needed && isSame(text, textAt - back, bytes, at - back); back += 1) length += 1;
  return length >= needed;
}

function isSame(text: Uint8Array, textAt: number, bytes: Uint8Array, at: number): boolean {
  if (at < 0 || textAt < 0 || at >= bytes.length || textAt >= text.length) return false;
  return foldedAt(text, textAt) === bytes[at];
}
