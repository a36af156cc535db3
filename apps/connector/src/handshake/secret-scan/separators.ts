import { byteClass } from './byte-classes.js';

const SEPARATOR = byteClass(/[-\s._:|,/]/);
const SPACE = byteClass(/\s/);
/** Shorter runs hold no secret that is searched for. */
const MIN_CHARACTERS = 7;

/**
 * Removes the separators of text that has the same one after each character: `s-e-c-r-e-t`. Returns the number of bytes; 0 if
 * there is no such text.
 */
export function removeSeparators(from: Uint8Array, to: Uint8Array): number {
  let length = 0;
  let isChanged = false;
  for (let at = 0; at < from.length;) {
    const end = endOfSeparated(from, at);
    if (end === at) {
      to[length] = from[at] ?? 0;
      length += 1;
      at += 1;
      continue;
    }
    for (; at < end; at += 1) {
      const next = at + sizeAt(from, at);
      for (; at < next; at += 1) {
        to[length] = from[at] ?? 0;
        length += 1;
      }
    }
    isChanged = true;
  }
  return isChanged ? length : 0;
}

/** The end of the separated text that begins here; where it begins, if there is none. */
function endOfSeparated(from: Uint8Array, start: number): number {
  const separator = from[start + sizeAt(from, start)] ?? 0;
  if (SEPARATOR[separator] !== 1) return start;
  const isOfSpaces = SPACE[separator] === 1;
  let characters = 0;
  let at = start;
  while (at < from.length && !(isOfSpaces && SPACE[from[at] ?? 0] === 1) && from[at + sizeAt(from, at)] === separator) {
    at += sizeAt(from, at) + 1;
    characters += 1;
  }
  return characters >= MIN_CHARACTERS ? at : start;
}

/** Bytes of the UTF-8 character that begins here. */
function sizeAt(from: Uint8Array, at: number): number {
  const byte = from[at] ?? 0;
  if (byte < 0xc0) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}
