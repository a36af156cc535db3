import { randomFillSync } from 'node:crypto';

const POOL = Buffer.allocUnsafe(4_096);
let used = POOL.length;

/** Random hexadecimal digits, two for each byte. One request to the random generator serves hundreds of ids. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  used += bytes;
  return POOL.toString('hex', used - bytes, used);
}
