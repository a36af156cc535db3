import type { JsonObject } from '@lethe/contracts';
import { hasInvalidMirror, isObject } from '@lethe/mcp';
import type { ExposedItem } from '../routes/table/exposed-item.js';

/** Whether an item may be shown: not a tool of a modern upstream whose arguments can't be mirrored as it asks. */
export function isCallable({ kind, gateway, definition }: ExposedItem): boolean {
  return kind !== 'tool' || gateway.era !== 'modern' || !hasInvalidMirror(definition?.['inputSchema']);
}

/**
 * A definition as a legacy client can read it: its output schema is one of an object, or none (MCP 2025-11-25, tools, where
 * 2026-07-28 allows any value).
 */
export function legacyDefinition(definition: JsonObject): JsonObject {
  const { outputSchema, ...rest } = definition;
  if (outputSchema === undefined || (isObject(outputSchema) && outputSchema['type'] === 'object')) return definition;
  return rest;
}
