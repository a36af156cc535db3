import type { JsonObject, JsonValue } from '@lethe/contracts';

/** Parses JSON; undefined if the text is not JSON. The parser's message is dropped, because it quotes its input. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // JSON.parse returns nothing else.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Whether a parsed JSON value is an object: no array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
