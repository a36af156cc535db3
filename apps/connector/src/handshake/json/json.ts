import type { JsonObject, JsonValue } from '@lethe/contracts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON; `undefined` when it is none. The parser's own message quotes the text and is never passed on. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // JSON.parse gives nothing else.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
