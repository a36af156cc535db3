import type { Era, JsonObject } from '@lethe/contracts';
import { hasInvalidParamHeader, isObject } from '@lethe/mcp';
import type { ExposedItem } from '../routes/table/item-list.js';

/**
 * Whether an item may be listed for clients of an era: a tool that is called in the modern era may not have invalid
 * `x-mcp-header` annotations.
 */
export function isCallable(item: ExposedItem, era: Era): boolean {
  const isModernTool = item.kind === 'tool' && item.servedIn(era).era === 'modern';
  return !isModernTool || !hasInvalidParamHeader(item.definitionFor('modern')?.['inputSchema']);
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
