import { byteClass } from './byte-classes.js';

/**
 * Undoes one kind of escapes. Writes the bytes that result, never more than there were. Returns their number; 0 if there was
 * nothing to undo.
 */
export type Unescape = (from: Uint8Array, to: Uint8Array) => number;

/** What an escape at a position stands for, and where the text goes on. */
interface Escape {
  codePoint: number;
  /** A byte of its own, not a code point. */
  isByte?: boolean;
  next: number;
}

const HEX = byteClass(/[0-9A-Fa-f]/);
const DECIMAL = byteClass(/[0-9]/);
const OCTAL = byteClass(/[0-7]/);
const LETTER = byteClass(/[A-Za-z]/);
const [PERCENT, BACKSLASH, AMPERSAND, HASH, SEMICOLON, OPEN, CLOSE] = [...'%\\&#;{}'].map((char) => char.charCodeAt(0));
const [SMALL_U, BIG_U, SMALL_X] = [...'uUx'].map((char) => char.charCodeAt(0));
const ITSELF = byteClass(/["'\\/]/);
/** Letters that stand for white space. */
const BLANK = byteClass(/[bfnrtv]/);

/** Named character references of ASCII punctuation (HTML, section 13.5). Letters and digits have none. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ excl: '!', quot: '"', num: '#', dollar: '$', percnt: '%', amp: '&', apos: "'", lpar: '(', rpar: ')', ast: '*' },
  ...{
    midast: '*',
    plus: '+',
    comma: ',',
    period: '.',
    sol: '/',
    colon: ':',
    semi: ';',
    lt: '<',
    equals: '=',
    gt: '>',
  },
  ...{ quest: '?', commat: '@', lsqb: '[', lbrack: '[', bsol: '\\', rsqb: ']', rbrack: ']', hat: '^', lowbar: '_' },
  ...{ underbar: '_', grave: '`', lcub: '{', lbrace: '{', verbar: '|', vert: '|', rcub: '}', rbrace: '}', nbsp: ' ' },
};

/** Percent-encoding; escapes of programming languages; character references of HTML. */
export const UNESCAPES: readonly Unescape[] = [
  unescapeOf(PERCENT, percentAt),
  unescapeOf(BACKSLASH, backslashAt),
  unescapeOf(AMPERSAND, entityAt),
];

type ReadEscape = (from: Uint8Array, at: number) => Escape | undefined;

function unescapeOf(marker: number | undefined, read: ReadEscape): Unescape {
  return (from, to) => undo(from, to, marker, read);
}

function undo(from: Uint8Array, to: Uint8Array, marker: number | undefined, read: ReadEscape): number {
  let length = 0;
  let isChanged = false;
  for (let at = 0; at < from.length;) {
    const byte = from[at] ?? 0;
    const found = byte === marker ? read(from, at + 1) : undefined;
    if (found === undefined) {
      to[length] = byte;
      length += 1;
      at += 1;
      continue;
    }
    length = write(found, to, length);
    at = found.next;
    isChanged = true;
  }
  return isChanged ? length : 0;
}

function percentAt(from: Uint8Array, at: number): Escape | undefined {
  return from[at] === SMALL_U ? digits(from, at + 1, HEX, 16, 4, 4) : asByte(digits(from, at, HEX, 16, 2, 2));
}

function backslashAt(from: Uint8Array, at: number): Escape | undefined {
  const byte = from[at] ?? 0;
  if (ITSELF[byte] === 1) return { codePoint: byte, next: at + 1 };
  if (BLANK[byte] === 1) return { codePoint: 0x0a, next: at + 1 };
  if (byte === SMALL_X) return asByte(digits(from, at + 1, HEX, 16, 2, 2));
  if (byte === BIG_U) return digits(from, at + 1, HEX, 16, 8, 8);
  if (byte !== SMALL_U) return asByte(digits(from, at, OCTAL, 8, 1, 3));
  if (from[at + 1] !== OPEN) return digits(from, at + 1, HEX, 16, 4, 4);
  const braced = digits(from, at + 2, HEX, 16, 1, 6);
  return braced && from[braced.next] === CLOSE ? { ...braced, next: braced.next + 1 } : undefined;
}

function entityAt(from: Uint8Array, at: number): Escape | undefined {
  if (from[at] !== HASH) return namedAt(from, at);
  const isHex = ((from[at + 1] ?? 0) | 0x20) === SMALL_X;
  const found = isHex ? digits(from, at + 2, HEX, 16, 1, 6) : digits(from, at + 1, DECIMAL, 10, 1, 7);
  return found && from[found.next] === SEMICOLON ? { ...found, next: found.next + 1 } : found;
}

function namedAt(from: Uint8Array, at: number): Escape | undefined {
  let end = at;
  while (end - at < 9 && LETTER[from[end] ?? 0] === 1) end += 1;
  if (from[end] !== SEMICOLON) return undefined;
  const char = NAMED[String.fromCharCode(...from.subarray(at, end)).toLowerCase()];
  return char === undefined ? undefined : { codePoint: char.charCodeAt(0), next: end + 1 };
}

/** A number of so many digits; undefined if there are fewer. */
function digits(
  from: Uint8Array,
  at: number,
  wanted: Uint8Array,
  base: number,
  min: number,
  max: number,
): Escape | undefined {
  let codePoint = 0;
  let next = at;
  while (next - at < max && wanted[from[next] ?? 0] === 1) {
    const byte = from[next] ?? 0;
    codePoint = codePoint * base + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
    next += 1;
  }
  return next - at < min ? undefined : { codePoint, next };
}

function asByte(found: Escape | undefined): Escape | undefined {
  return found && { ...found, isByte: true };
}

/** As UTF-8; what is no character is left out. */
function write({ codePoint, isByte }: Escape, to: Uint8Array, at: number): number {
  if (isByte === true || codePoint < 0x80) {
    to[at] = codePoint & 0xff;
    return at + 1;
  }
  if (codePoint > 0x10ffff) return at;
  const bytes = Buffer.from(String.fromCodePoint(codePoint), 'utf8');
  to.set(bytes, at);
  return at + bytes.length;
}
