import type { JsonObject, JsonValue } from '@lethe/contracts';

/** Whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON; `undefined` if it is invalid. The parser's error message is dropped because it quotes the text. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // JSON.parse gives nothing else.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
