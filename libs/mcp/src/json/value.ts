import type { JsonObject, JsonValue } from '@lethe/contracts';
import { COLON, endOfString, isSpace, startOfString } from './characters.js';

/** How the escape of any ASCII character begins. */
const ESCAPE = String.raw`\u00`;

/** Parses JSON; undefined if the text is not JSON. The parser's message is dropped, because it quotes its input. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const plain = withPlainNames(text);
    // JSON.parse returns nothing else.
    return (plain === text ? value : JSON.parse(plain)) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * Returns the JSON with member names written without escapes of ASCII characters. V8's `JSON.parse` may confuse a name that
 * is written with an escape with another one (https://github.com/nodejs/node/issues/63785). Lethe would then miss a `method`
 * that the receiver of the text finds. Reads each string once and rewrites only names, because texts may be long.
 */
function withPlainNames(json: string): string {
  let plain = '';
  let from = 0;
  let at = json.indexOf(ESCAPE);
  while (at !== -1) {
    const end = endOfString(json, at) + 1;
    if (isColonNext(json, end)) {
      const start = startOfString(json, at);
      plain += json.slice(from, start) + JSON.stringify(JSON.parse(json.slice(start, end)));
      from = end;
    }
    at = json.indexOf(ESCAPE, end);
  }
  return from === 0 ? json : plain + json.slice(from);
}

function isColonNext(json: string, start: number): boolean {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at += 1;
  return json.charCodeAt(at) === COLON;
}

/** Whether a parsed JSON value is an object: no array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object has exactly these members, no more and no fewer. */
export function hasExactly(value: Record<string, unknown>, members: readonly string[]): boolean {
  return Object.keys(value).length === members.length && members.every((member) => Object.hasOwn(value, member));
}
