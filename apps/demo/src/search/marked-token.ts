import { createHash, randomBytes } from 'node:crypto';
import { hashPiece, markOf, type PieceHashes } from './piece-matcher.js';

const PIECES = 4;

/** A token that can be searched for without knowing it. */
export interface MarkedToken {
  token: string;
  /** SHA-256 (hex) of the token, for the upstream. */
  sha256: string;
  hashes: PieceHashes;
}

/** Mints a token of four marked pieces, legal as a bearer token (RFC 6750, section 2.1). */
export function mintToken(random: (bytes: number) => Buffer = randomBytes): MarkedToken {
  const pieces = Array.from({ length: PIECES }, (_, n) => markOf(n + 1) + random(9).toString('base64url'));
  const salt = random(16).toString('hex');
  const token = pieces.join('');
  return {
    token,
    sha256: createHash('sha256').update(token).digest('hex'),
    hashes: { salt, pieces: pieces.map((piece) => hashPiece(salt, piece)) },
  };
}
