/** Member of `_meta` in which Lethe tells a tool's caller what the `data` of an error would have. */
export const ERROR_META = 'lethe/error';

/**
 * Members that only Lethe itself may send begin with `lethe/`. This is what that beginning becomes. It is
 * as long, so that bytes that pass can be changed in place.
 */
const REPLACEMENT = 'inner';
/** `lethe`; any character of a name may be written as an escape. */
const LETTERS = String.raw`(?:l|\\u006[cC])(?:e|\\u0065)(?:t|\\u0074)(?:h|\\u0068)(?:e|\\u0065)`;
const REST = String.raw`(?:\\?/|\\u002[fF])(?:[^"\\]|\\.)*"\s*:`;
/** A quote that is not escaped, the name, and a colon behind it: text inside of a string is written in another way. */
const RESERVED_NAME = new RegExp(String.raw`(?<=(?<!\\)(?:\\\\)*")${LETTERS}(?=${REST})`, 'g');
/** The members of a response that ask a person: of a modern result, and of a legacy error. */
const ASKING_NAME = /"(?:inputRequests|elicitations)"/;
/** An escaped letter, with which such a name could be hidden. No encoder escapes letters. */
const ESCAPED_LETTER = /(?<!\\)(?:\\\\)*\\u00(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;
/** Characters at the border of two chunks that are searched for a name in both of them. */
const BORDER = 128;

/** A text without any of these needs no closer look. */
const SIGN = /"lethe|\\u00[4-7]|"inputRequests"|"elicitations"/;
/** The same, less exact: for long texts the search for a fixed text is faster. */
const SIGNS = ['"lethe', String.raw`\u00`, '"inputRequests"', '"elicitations"'];
const LONG = 1_024;

/** The JSON with other names for the members that only Lethe may send. */
export function withoutReservedNames(json: string): string {
  return hasSign(json) ? json.replace(RESERVED_NAME, REPLACEMENT) : json;
}

/** Whether the JSON of a response may ask a person for something. False for text that only speaks of it. */
export function mayAsk(json: string): boolean {
  return hasSign(json) && (ASKING_NAME.test(json) || ESCAPED_LETTER.test(json));
}

/**
 * What was found in a chunk: that the response may ask a person, or a name that only Lethe may send and that can't be
 * changed, because it is in several chunks or written with escapes.
 */
export type PassingFinding = 'asks' | 'reserved';

/** Looks at a response that passes chunk by chunk, and changes the names that only Lethe may send in the chunks themselves. */
export class PassingJson {
  /** What has passed; only its end counts. */
  private passed = '';

  push(chunk: Buffer): PassingFinding | undefined {
    const { passed } = this;
    const text = chunk.toString('latin1');
    const isPlain = !hasSign(text);
    if (!isPlain && !rename(chunk, text)) return 'reserved';
    const now = isPlain ? text : chunk.toString('latin1');
    this.passed = passed !== '' && now.length < BORDER ? passed.slice(-BORDER) + now : now;
    const found = passed === '' ? undefined : atBorder(passed.slice(-BORDER), text);
    return found ?? (!isPlain && mayAsk(now) ? 'asks' : undefined);
  }
}

function hasSign(text: string): boolean {
  return (text.length < LONG || SIGNS.some((sign) => text.includes(sign))) && SIGN.test(text);
}

function rename(chunk: Buffer, text: string): boolean {
  for (const { 0: name, index } of text.matchAll(RESERVED_NAME)) {
    if (name.length !== REPLACEMENT.length) return false;
    chunk.write(REPLACEMENT, index, 'latin1');
  }
  return true;
}

function atBorder(passed: string, next: string): PassingFinding | undefined {
  const border = passed + next.slice(0, BORDER);
  if (!hasSign(border)) return undefined;
  // A name that begins with the next chunk has its quote in the one before.
  if ([...border.matchAll(RESERVED_NAME)].some(({ index }) => index <= passed.length)) return 'reserved';
  return mayAsk(border) ? 'asks' : undefined;
}
