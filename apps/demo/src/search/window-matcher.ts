import type { Matcher } from './stream.js';

/**
 * Finds remains of a known text: every sequence of at least `window` of its characters, as bytes and as UTF-16. So a
 * partly overwritten copy counts too. A whole copy counts once. With `every`, only sequences that begin at its multiples.
 */
export class WindowMatcher implements Matcher {
  private readonly forms: Form[];
  private readonly reach: number;

  constructor(text: Buffer, window = 8, every = 1) {
    const length = Math.min(window, text.length);
    const wide = Buffer.from(text.toString('latin1'), 'utf16le');
    this.forms = [new Form(text, length, every), new Form(wide, 2 * length, 2 * every)];
    this.reach = wide.length;
  }

  match(bytes: Buffer, isLast: boolean): { copies: number; done: number } {
    const limit = isLast ? bytes.length : Math.max(0, bytes.length - this.reach);
    const counted = this.forms.map((form) => form.count(bytes, limit));
    return {
      copies: counted.reduce((total, { copies }) => total + copies, 0),
      done: Math.max(limit, ...counted.map(({ end }) => end)),
    };
  }
}

/**
 * One encoding of the text. Multi-pattern search by Wu and Manber: the last two bytes of the window decide how far to
 * skip.
 */
class Form {
  private readonly jump: Uint8Array;
  private readonly windowsByTail = new Map<number, number[]>();

  constructor(
    private readonly text: Buffer,
    private readonly window: number,
    step: number,
  ) {
    this.jump = new Uint8Array(65_536).fill(window - 1);
    for (let start = 0; start + window <= text.length; start += step) this.addWindow(start);
  }

  private addWindow(start: number): void {
    for (let i = 0; i + 1 < this.window; i += 1) {
      const pair = pairAt(this.text, start + i);
      this.jump[pair] = Math.min(this.jump[pair] ?? 0, this.window - 2 - i);
    }
    const tail = pairAt(this.text, start + this.window - 2);
    this.windowsByTail.set(tail, [...(this.windowsByTail.get(tail) ?? []), start]);
  }

  /** Counts copies that begin before `limit`, and returns where the last of them ends. */
  count(bytes: Buffer, limit: number): { copies: number; end: number } {
    let copies = 0;
    let end = 0;
    for (let at = 0; at < limit && at + this.window <= bytes.length;) {
      const tail = pairAt(bytes, at + this.window - 2);
      const jump = this.jump[tail] ?? 0;
      const length = jump > 0 ? 0 : this.matchedAt(bytes, at, tail);
      if (length > 0) {
        copies += 1;
        end = at + length;
      }
      at += Math.max(jump, length, 1);
    }
    return { copies, end };
  }

  /** How many bytes of the text are at `at`; 0 when fewer than a window. */
  private matchedAt(bytes: Buffer, at: number, tail: number): number {
    for (const start of this.windowsByTail.get(tail) ?? []) {
      let length = 0;
      while (start + length < this.text.length && bytes[at + length] === this.text[start + length]) length += 1;
      if (length >= this.window) return length;
    }
    return 0;
  }
}

function pairAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
