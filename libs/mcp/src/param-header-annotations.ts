import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from './json/value.js';

const ANNOTATION = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** `number` is not in the specification's list, but servers use it. */
const PRIMITIVES = new Set<JsonValue | undefined>(['string', 'integer', 'number', 'boolean']);
const MAX_DEPTH = 64;

/**
 * Whether an input schema has an invalid `x-mcp-header` annotation. A client over HTTP must leave such a tool out of its
 * list (MCP 2026-07-28, streamable HTTP, custom headers from tool parameters).
 */
export function hasInvalidParamHeader(inputSchema: JsonValue | undefined): boolean {
  return isObject(inputSchema) && !isSound(inputSchema, { isReachable: true, isRoot: true }, new Set(), 0);
}

interface Place {
  /** Along `properties` only, from the root. */
  readonly isReachable: boolean;
  readonly isRoot: boolean;
}

function isSound(schema: JsonObject, place: Place, seen: Set<string>, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Object.hasOwn(schema, ANNOTATION) && !isSoundAnnotation(schema, place, seen)) return false;
  return Object.entries(schema).every(([key, value]) => {
    if (key === 'properties' && isObject(value)) {
      const at = { isReachable: place.isReachable, isRoot: false };
      return Object.values(value).every((child) => !isObject(child) || isSound(child, at, seen, depth + 1));
    }
    return everyObject(value, (child) => isSound(child, { isReachable: false, isRoot: false }, seen, depth + 1));
  });
}

function isSoundAnnotation(schema: JsonObject, { isReachable, isRoot }: Place, seen: Set<string>): boolean {
  const name = schema[ANNOTATION];
  if (!isReachable || isRoot || typeof name !== 'string' || !TOKEN.test(name)) return false;
  const isNew = !seen.has(name.toLowerCase());
  seen.add(name.toLowerCase());
  return isNew && PRIMITIVES.has(schema['type']);
}

function everyObject(value: JsonValue, holds: (child: JsonObject) => boolean): boolean {
  if (Array.isArray(value)) return value.every((child) => everyObject(child, holds));
  return !isObject(value) || holds(value);
}
