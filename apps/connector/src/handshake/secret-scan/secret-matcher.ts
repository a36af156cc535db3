import { MIN_SECRET_LENGTH, secretPart, WINDOW_LENGTH } from './secret-parts.js';

const GRAM = WINDOW_LENGTH / 2;

/**
 * Finds secrets in readings of a text: a short one as a whole, of a longer one any window. Every window of 16 characters
 * holds 8 that start at a multiple of 8, so only those places of the text are looked up, and a hit is then extended.
 */
export class Needles {
  private readonly whole: string[] = [];
  private readonly long: string[] = [];
  private readonly places = new Map<string, { secret: string; at: number }[]>();

  constructor(secrets: readonly string[]) {
    for (const secret of secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH)) {
      const part = Buffer.from(secretPart(secret), 'utf8').toString('latin1').toLowerCase();
      for (const needle of [part, reversed(part)]) this.add(needle);
    }
  }

  get isEmpty(): boolean {
    return this.whole.length === 0 && this.long.length === 0;
  }

  isIn(reading: string): boolean {
    return this.whole.some((needle) => reading.includes(needle)) || this.hasWindow(reading);
  }

  private add(needle: string): void {
    if (needle.length < WINDOW_LENGTH) {
      this.whole.push(needle);
      return;
    }
    this.long.push(needle);
    for (let at = 0; at + GRAM <= needle.length; at += 1) {
      const gram = needle.slice(at, at + GRAM);
      const known = this.places.get(gram);
      if (known === undefined) this.places.set(gram, [{ secret: needle, at }]);
      else known.push({ secret: needle, at });
    }
  }

  private hasWindow(reading: string): boolean {
    if (this.long.length === 0) return false;
    for (let at = 0; at + GRAM <= reading.length; at += GRAM) {
      const places = this.places.get(reading.slice(at, at + GRAM));
      if (places?.some((place) => commonRun(reading, at, place.secret, place.at) >= WINDOW_LENGTH) === true)
        return true;
    }
    return false;
  }
}

/** Of bytes in a latin1 string. */
function reversed(text: string): string {
  return Buffer.from(text, 'latin1').reverse().toString('latin1');
}

/** Length of the longest common run through these two places. */
function commonRun(text: string, textAt: number, secret: string, secretAt: number): number {
  let before = 0;
  while (isSame(text, textAt - before - 1, secret, secretAt - before - 1)) before += 1;
  let after = 0;
  while (isSame(text, textAt + after, secret, secretAt + after)) after += 1;
  return before + after;
}

function isSame(text: string, textAt: number, secret: string, secretAt: number): boolean {
  return secretAt >= 0 && textAt >= 0 && secretAt < secret.length && text[textAt] === secret[secretAt];
}
