/** A stream of pseudo-random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SPACES = ['', '', '', ' ', '\n', '\t', '\r\n', '  '];
/**
 * Names that scanners look for, and names that only look like them. None begins with a backslash: once it has seen one,
 * V8's `JSON.parse` may read another name, written with an escape, as that one (https://github.com/nodejs/node/issues/63785).
 */
const NAMES = [
  ...['id', 'method', 'params', 'result', 'error', 'jsonrpc', 'name', 'uri', '_meta', 'arguments', 'a', 'b', ''],
  ...['ID', 'id ', 'é', '😀', '"', 'a.b', 'params.name', '{', '}', ',', ':', '\u2028', '__proto__', 'x'.repeat(70)],
];
const NUMBERS = ['0', '-0', '1', '7', '-12', '1.0', '1e0', '1.0E+2', '0.5', '12345678901234567890', '1e400'];
const PIECES = [
  'a',
  'x'.repeat(50),
  '"',
  '\\',
  '\\\\"',
  '/',
  '\n',
  '\u0001',
  'é',
  '😀',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"id":2',
];

/** Writes JSON in all the ways that a writer may choose: spaces, escapes, spellings of numbers, order of members. */
export class JsonWriter {
  constructor(
    private readonly random: () => number,
    /** Whether an object may name a member twice, as `JSON.parse` allows. */
    private readonly repeats = false,
  ) {}

  value(depth: number): string {
    const kind = this.below(depth > 0 ? 9 : 5);
    if (kind === 0) return this.one(['true', 'false', 'null']);
    if (kind < 3) return this.one(NUMBERS);
    if (kind < 5) return this.string(this.text());
    return kind < 7 ? this.list(depth) : this.object(depth);
  }

  list(depth: number): string {
    return `[${this.joined(Array.from({ length: this.below(4) }, () => this.value(depth - 1)))}]`;
  }

  /** @param members that the object has beside its random ones, as JSON texts */
  object(depth: number, members: Readonly<Record<string, string>> = {}): string {
    const written = Object.entries(members);
    for (let count = this.below(5); count > 0; count--) {
      const name = this.one(NAMES);
      if (this.repeats || !written.some(([known]) => known === name)) written.push([name, this.value(depth - 1)]);
    }
    written.sort(() => this.random() - 0.5);
    return `{${this.joined(written.map(([name, value]) => `${this.string(name)}${this.space()}:${this.space()}${value}`))}}`;
  }

  /** A string with each character plain or escaped, as JSON lets one choose. */
  string(text: string): string {
    const escapesAll = this.below(8) === 0;
    const characters = text.split('').map((character) => {
      if (escapesAll || this.below(12) === 0) return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
      return JSON.stringify(character).slice(1, -1);
    });
    // Halves of a pair must stand together: one of them alone is written as an escape.
    return `"${/[\ud800-\udfff]/.test(text) && !escapesAll ? JSON.stringify(text).slice(1, -1) : characters.join('')}"`;
  }

  text(): string {
    return Array.from({ length: this.below(5) }, () => this.one(PIECES)).join('');
  }

  space(): string {
    return this.one(SPACES);
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  private joined(parts: string[]): string {
    return parts.map((part) => `${this.space()}${part}${this.space()}`).join(',') || this.space();
  }
}

const STRUCTURE = ['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '0', 'e', '\u0000', 'é', '\ufeff'];

/** The text with one to three characters changed, dropped, repeated or put in. */
export function mutated(json: string, writer: JsonWriter): string {
  let text = json;
  for (let count = 1 + writer.below(3); count > 0; count--) {
    const at = writer.below(text.length + 1);
    const dropped = writer.below(3);
    const added = writer.one([...STRUCTURE, '', text.slice(at, at + writer.below(12))]);
    text = text.slice(0, at) + added + text.slice(at + dropped);
  }
  // A half of a pair has no UTF-8: the text is what its bytes say.
  return Buffer.from(text).toString();
}
