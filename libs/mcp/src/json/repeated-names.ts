import { CLOSE_LIST, CLOSE_OBJECT, COMMA, endOfString, nameIn, OPEN_LIST, OPEN_OBJECT, QUOTE } from './characters.js';

/** Whether any object in a JSON text, however deep, has two members of one name: parsers disagree about which one counts. */
export function repeatsName(json: string): boolean {
  /** The names of each object that is being read; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(json, at);
      const names = expectsName ? open.at(-1) : undefined;
      if (names && names.size === names.add(nameIn(json, at, end)).size) return true;
      expectsName = false;
      at = end;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      expectsName = char === OPEN_OBJECT;
      open.push(expectsName ? new Set() : undefined);
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
      expectsName = false;
    } else if (char === COMMA) expectsName = open.at(-1) !== undefined;
  }
  return false;
}
