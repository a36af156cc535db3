import { randomFillSync } from 'node:crypto';

const POOL = Buffer.allocUnsafe(4_096);
let digits = '';
let used = 0;

/** Random hexadecimal digits, two for each byte. One request to the random generator serves hundreds of ids. */
export function randomHex(bytes: number): string {
  const count = bytes * 2;
  if (used + count > digits.length) {
    digits = randomFillSync(POOL).toString('hex');
    used = 0;
  }
  used += count;
  return digits.slice(used - count, used);
}
