import { createHash } from 'node:crypto';
import type { Matcher } from './stream.js';

/**
 * What a searcher may know of a secret: it never holds the secret itself. A secret is made of pieces, each a public
 * 4-byte mark `~L<n>.` and 12 random characters; of each piece only a salted hash is told.
 */
export interface PieceHashes {
  salt: string;
  /** SHA-256 (hex) of salt and piece. */
  pieces: string[];
}

export const PIECE_BYTES = 16;
const MARK_START = '~L';
const DOT = 0x2e;

export function markOf(n: number): string {
  return `${MARK_START}${n}.`;
}

export function hashPiece(salt: string, piece: string | Buffer): string {
  return createHash('sha256').update(salt).update(piece).digest('hex');
}

// What is looked at stays a buffer, wiped afterwards: a string of a piece would stay with the searcher. A page long,
// because V8 moves small buffers about with the heap and leaves their old places unwiped.
const candidate = Buffer.alloc(4096).subarray(0, PIECE_BYTES);

/** Finds pieces, as bytes and as UTF-16 (V8 keeps some strings so), by their marks and the hash of what stands there. */
export class PieceMatcher implements Matcher {
  private readonly wanted: ReadonlySet<string>;

  constructor(private readonly hashes: PieceHashes) {
    this.wanted = new Set(hashes.pieces);
  }

  match(bytes: Buffer, isLast: boolean): { copies: number; done: number } {
    const done = isLast ? bytes.length : Math.max(0, bytes.length - 2 * PIECE_BYTES);
    return { copies: this.count(bytes, done, 1) + this.count(bytes, done, 2), done };
  }

  /** `width`: bytes of one character. */
  private count(bytes: Buffer, end: number, width: 1 | 2): number {
    const mark = Buffer.from(MARK_START, width === 1 ? 'latin1' : 'utf16le');
    let copies = 0;
    for (let at = bytes.indexOf(mark); at !== -1 && at < end; at = bytes.indexOf(mark, at + 1)) {
      for (let i = 0; i < PIECE_BYTES; i += 1) candidate[i] = bytes[at + i * width] ?? 0;
      if (candidate[3] === DOT && this.wanted.has(hashPiece(this.hashes.salt, candidate))) copies += 1;
    }
    candidate.fill(0);
    return copies;
  }
}
