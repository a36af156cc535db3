import { MIN_SECRET_LENGTH, secretPart, WINDOW_LENGTH } from './secret-parts.js';

const GRAM = WINDOW_LENGTH / 2;

/**
 * Finds secrets in the decoded forms of a text. A short secret must appear whole; of a longer one, any 16 characters in
 * a row count. Any 16 characters contain 8 that start at a multiple of 8, so only those positions of the text are
 * looked up, and a hit is then extended in both directions.
 */
export class SecretMatcher {
  private readonly whole: string[] = [];
  private readonly long: string[] = [];
  private readonly positions = new Map<string, { secret: string; at: number }[]>();

  constructor(secrets: readonly string[]) {
    for (const secret of secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH)) {
      const part = Buffer.from(secretPart(secret), 'utf8').toString('latin1').toLowerCase();
      const dense = part.replace(/[^a-z0-9\x80-\xff]+/g, '');
      // Of a short secret, letters and digits alone could be ordinary words.
      const patterns = dense.length < WINDOW_LENGTH ? [part] : new Set([part, dense]);
      for (const pattern of patterns) for (const each of [pattern, reversed(pattern)]) this.add(each);
    }
  }

  get isEmpty(): boolean {
    return this.whole.length === 0 && this.long.length === 0;
  }

  matches(form: string): boolean {
    return this.whole.some((pattern) => form.includes(pattern)) || this.hasWindow(form);
  }

  private add(pattern: string): void {
    if (pattern.length < WINDOW_LENGTH) {
      this.whole.push(pattern);
      return;
    }
    this.long.push(pattern);
    for (let at = 0; at + GRAM <= pattern.length; at += 1) {
      const gram = pattern.slice(at, at + GRAM);
      const known = this.positions.get(gram);
      if (known === undefined) this.positions.set(gram, [{ secret: pattern, at }]);
      else known.push({ secret: pattern, at });
    }
  }

  private hasWindow(form: string): boolean {
    if (this.long.length === 0) return false;
    for (let at = 0; at + GRAM <= form.length; at += GRAM) {
      const positions = this.positions.get(form.slice(at, at + GRAM));
      if (positions?.some((position) => commonRun(form, at, position.secret, position.at) >= WINDOW_LENGTH) === true)
        return true;
    }
    return false;
  }
}

/** Reverses the bytes of a latin1 string. */
function reversed(text: string): string {
  return Buffer.from(text, 'latin1').reverse().toString('latin1');
}

/** Length of the longest common run through these two positions. */
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
