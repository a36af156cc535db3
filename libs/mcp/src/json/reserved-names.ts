/** Members that only Lethe itself may send begin with this and a slash, such as `lethe/error`. */
const RESERVED = 'lethe';
/** What this beginning becomes. It is as long, so that bytes that pass can be changed in place. */
const REPLACEMENT = 'inner';
/** Any character of a name may be written as an escape. */
const LETTERS = String.raw`(?:l|\\u006[cC])(?:e|\\u0065)(?:t|\\u0074)(?:h|\\u0068)(?:e|\\u0065)`;
const REST = String.raw`(?:\\?/|\\u002[fF])(?:[^"\\]|\\.)*"\s*:`;
/** A quote that is not escaped, the name, and a colon behind it: text inside of a string is written in another way. */
const NAME = new RegExp(String.raw`(?<=(?<!\\)(?:\\\\)*")${LETTERS}(?=${REST})`, 'g');
/** A text without any of these has no such name. */
const SIGNS = [`"${RESERVED}`, String.raw`\u006`, String.raw`\u0074`];
/** Characters at the border of two chunks that are searched for a name in both of them. */
const BORDER = 128;

/** The JSON with other names for the members that only Lethe may send. */
export function withoutReservedNames(json: string): string {
  return mayHaveNames(json) ? json.replace(NAME, REPLACEMENT) : json;
}

/** The same for the chunks of a JSON text that passes. */
export class ReservedNames {
  /** What has passed; only its end counts. */
  private passed = '';

  /**
   * Renames in the chunk itself.
   * @returns false for a name that can't be renamed: it is in several chunks, or written with escapes
   */
  push(chunk: Buffer): boolean {
    let text = chunk.toString('latin1');
    const { passed } = this;
    if (passed !== '' && isInBoth(passed, text)) return false;
    if (mayHaveNames(text)) {
      if (!rename(chunk, text)) return false;
      text = chunk.toString('latin1');
    }
    this.passed = text.length < BORDER ? passed.slice(-BORDER) + text : text;
    return true;
  }
}

function mayHaveNames(json: string): boolean {
  return SIGNS.some((sign) => json.includes(sign));
}

function rename(chunk: Buffer, text: string): boolean {
  for (const { 0: name, index } of text.matchAll(NAME)) {
    if (name.length !== REPLACEMENT.length) return false;
    chunk.write(REPLACEMENT, index, 'latin1');
  }
  return true;
}

function isInBoth(passed: string, next: string): boolean {
  const end = passed.slice(-BORDER);
  // A name that begins with the next chunk has its quote in the one before.
  return [...(end + next.slice(0, BORDER)).matchAll(NAME)].some(({ index }) => index <= end.length);
}
