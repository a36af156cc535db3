import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPiece } from './piece-matcher.js';
import { mintToken } from './marked-token.js';

describe('a marked token', () => {
  it('is four marked pieces of sixteen characters, legal as a bearer token', () => {
    expect(mintToken().token).toMatch(/^(~L[1-4]\.[\w-]{12}){4}$/);
  });

  it('is recognised by the hash of the whole and a salted hash of each piece', () => {
    const { token, sha256, hashes } = mintToken();
    expect(sha256).toBe(createHash('sha256').update(token).digest('hex'));
    expect(hashes.pieces).toEqual([0, 16, 32, 48].map((at) => hashPiece(hashes.salt, token.slice(at, at + 16))));
    expect(JSON.stringify([sha256, hashes])).not.toContain(token.slice(4, 16));
  });

  it('is another one each time', () => {
    expect(mintToken().hashes.pieces).not.toEqual(mintToken().hashes.pieces);
  });
});
