import { searchPath } from '../../apps/demo/src/search/files.js';
import { searchProcess } from '../../apps/demo/src/search/process-memory.js';
import type { Matcher } from '../../apps/demo/src/search/stream.js';
import { WindowMatcher } from '../../apps/demo/src/search/window-matcher.js';

/** The demo's search, which the tests of the leak surfaces use as well. */
export { countCopies, countCopiesInFiles } from '../../apps/demo/src/search/search.js';

/** Shortest remains of a secret that are found, as it is. */
const WINDOW = 8;
/** How much of an encoded one is searched for: its beginning. Eight characters of hex are often there by chance. */
const ENCODED_WINDOW = 16;

/** Makes what searches for the same secrets once more. */
export type Needle = () => Matcher[];

/**
 * Secrets to search for together: any piece of them as they are, and their beginnings encoded, all of it also as UTF-16. As
 * pieces are found, escapes of single characters (JSON, percent-encoding) hide none that has eight ordinary ones in a row.
 */
export function needleFor(...secrets: string[]): Needle {
  const plain = Buffer.from(secrets.join(' '));
  const encoded = secrets.flatMap(encodingsOf).map((text) => text.slice(0, ENCODED_WINDOW));
  const beginnings = Buffer.from([...new Set(encoded)].join(''));
  return () => [new WindowMatcher(plain, WINDOW), new WindowMatcher(beginnings, ENCODED_WINDOW, ENCODED_WINDOW)];
}

/** Copies in the memory of a process. */
export function copiesInMemory(pid: number, needle: Needle): number {
  return needle().reduce((copies, matcher) => copies + searchProcess(pid, matcher).copies, 0);
}

/** Copies in a file, or in all files below a folder. */
export function copiesInFiles(path: string, needle: Needle): number {
  return needle().reduce((copies, matcher) => copies + searchPath(path, matcher).copies, 0);
}

/** Hex, base64 and base64url wherever the text begins, and base64 of that: as in a part of a token inside of another one. */
export function encodingsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const once = base64Of(secret);
  const both = [...once, ...once.flatMap(base64Of)].flatMap((text) => [
    text,
    text.replace(/\+/g, '-').replace(/\//g, '_'),
  ]);
  return [...new Set([hex, hex.toUpperCase(), ...both])];
}

/** The characters of base64 that depend on nothing before or after the text, for each place in a group of three bytes. */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}
