import type { JsonObject, JsonValue } from '@lethe/contracts';

/** The JSON of a text, or undefined: a parser's own words quote its input and never leave this function. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // JSON.parse gives nothing else.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A JSON object, not a list and not null; ask it only of what a JSON parser gave. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
