import type { JsonObject } from '@lethe/contracts';
import { hasInvalidParamHeader, isObject } from '@lethe/mcp';
import type { ExposedItem } from '../routes/table/item-list.js';

/** Whether an item may be listed: a tool of a modern upstream with invalid `x-mcp-header` annotations may not. */
export function isCallable({ kind, gateway, definition }: ExposedItem): boolean {
  return kind !== 'tool' || gateway.era !== 'modern' || !hasInvalidParamHeader(definition?.['inputSchema']);
}

/**
 * Removes an output schema that legacy clients can't read: they accept only schemas of type `object`.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/tools#output-schema
 */
export function legacyDefinition(definition: JsonObject): JsonObject {
  const { outputSchema, ...rest } = definition;
  if (outputSchema === undefined || (isObject(outputSchema) && outputSchema['type'] === 'object')) return definition;
  return rest;
}
