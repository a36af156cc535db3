import type { JsonObject, JsonValue } from '@lethe/contracts';

/** Parses JSON; undefined when the text is not JSON. The parser's message quotes its input and is never passed on. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // JSON.parse returns nothing else.
    const value = JSON.parse(text) as JsonValue;
    return hasNeedlessEscape(text) ? (JSON.parse(withoutNeedlessEscapes(text)) as JsonValue) : value;
  } catch {
    return undefined;
  }
}

/** Whether the text spells printable ASCII, which needs no escape, as `\u00..`; nearly no text does. */
function hasNeedlessEscape(text: string): boolean {
  return text.includes('\\u00') && /\\u00[2-7]/.test(text);
}

/**
 * The same JSON with printable ASCII written as it is. V8's `JSON.parse` may mistake a name that is written with an escape for
 * another one (https://github.com/nodejs/node/issues/63785). Lethe would then see no `method` in a text that it forwards, and
 * in which the receiver finds one.
 */
function withoutNeedlessEscapes(text: string): string {
  return text.replaceAll(/\\(?:u00([2-7][0-9a-fA-F])|.)/gs, (escape: string, code: string | undefined) => {
    const char = code === undefined ? '"' : String.fromCharCode(Number.parseInt(code, 16));
    return char === '"' || char === '\\' ? escape : char;
  });
}

/** Whether a parsed JSON value is an object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
