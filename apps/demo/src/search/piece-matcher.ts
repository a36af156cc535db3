import { createHash } from 'node:crypto';
import type { Matcher } from './stream.js';

/**
 * What the search knows about a secret, without holding it. A secret consists of pieces, each with a public mark
 * `~L<n>.` and 12 random characters. The search knows only a salted hash of each piece.
 */
export interface PieceHashes {
  salt: string;
  /** SHA-256 (hex) of salt and piece. */
  pieces: string[];
}

/** Length of a piece: its mark and its random characters. */
export const PIECE_BYTES = 16;
const MARK_START = '~L';
const DOT = 0x2e;

/** The public mark of the piece with this number. */
export function markOf(n: number): string {
  return `${MARK_START}${n}.`;
}

/** The salted hash of a piece, SHA-256 in hex. */
export function hashPiece(salt: string, piece: string | Buffer): string {
  return createHash('sha256').update(salt).update(piece).digest('hex');
}

// A candidate stays in a buffer that is wiped afterwards: a string would remain in the memory of the search. The buffer
// is a page long, because V8 moves small buffers within the heap and does not wipe their old places.
const candidate = Buffer.alloc(4096).subarray(0, PIECE_BYTES);

/** Finds pieces by their marks and hashes, as bytes and as UTF-16, in which V8 stores some strings. */
export class PieceMatcher implements Matcher {
  private readonly wanted: ReadonlySet<string>;

  constructor(private readonly hashes: PieceHashes) {
    this.wanted = new Set(hashes.pieces);
  }

  match(bytes: Buffer, isLast: boolean): { copies: number; done: number } {
    const done = isLast ? bytes.length : Math.max(0, bytes.length - 2 * PIECE_BYTES);
    return { copies: this.count(bytes, done, 1) + this.count(bytes, done, 2), done };
  }

  /** `width` is the number of bytes of one character. */
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
