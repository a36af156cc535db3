// The characters of JSON's structure (RFC 8259), as their codes.

/** `"` */
export const QUOTE = 0x22;
/** `,` */
export const COMMA = 0x2c;
/** `:` */
export const COLON = 0x3a;
/** `\` */
export const BACKSLASH = 0x5c;
/** `[` */
export const OPEN_LIST = 0x5b;
/** `]` */
export const CLOSE_LIST = 0x5d;
/** `{` */
export const OPEN_OBJECT = 0x7b;
/** `}` */
export const CLOSE_OBJECT = 0x7d;

/** Index of the quote that closes the string whose opening quote is at `start`; the last index if there is none. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length - 1;
}

/** Index of the quote that opens the string around `inside`; -1 if there is none. */
export function startOfString(text: string, inside: number): number {
  let start = text.lastIndexOf('"', inside);
  while (start > 0 && text.charCodeAt(start - 1) === BACKSLASH) start = text.lastIndexOf('"', start - 1);
  return start;
}

/** The name between two quotes with its escapes resolved, so that `"\u006eame"` counts as `name`. */
export function nameIn(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** Whether a character is white space in JSON (RFC 8259, section 2). */
export function isSpace(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
}
