import type { Era, JsonObject, JsonValue } from '@lethe/contracts';
import { hasInvalidParamHeader, isObject } from '@lethe/mcp';
import type { ExposedItem } from '../routes/table/item-list.js';

/** The dialect of a schema without `$schema`; an empty fragment means the same schema. */
const DEFAULT_DIALECT = new Set<JsonValue | undefined>([
  'https://json-schema.org/draft/2020-12/schema',
  'https://json-schema.org/draft/2020-12/schema#',
]);

/**
 * Whether an item may be listed for clients of an era: a tool that is called in the modern era may not have invalid
 * `x-mcp-header` annotations.
 */
export function isCallable(item: ExposedItem, era: Era): boolean {
  const isModernTool = item.kind === 'tool' && item.servedIn(era).era === 'modern';
  return !isModernTool || !hasInvalidParamHeader(item.definitionFor('modern')?.['inputSchema']);
}

/**
 * Removes what legacy clients can't read: an output schema that is not of type `object`, and a `$schema` that only names the
 * dialect that a schema without it has anyway. Clients with a validator for draft-07 refuse to call a tool that names it.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/tools#output-schema
 * https://modelcontextprotocol.io/specification/2025-11-25/basic#json-schema-usage
 */
export function legacyDefinition(definition: JsonObject): JsonObject {
  const { inputSchema, outputSchema, ...rest } = definition;
  const input = withoutDefaultDialect(inputSchema);
  const output =
    isObject(outputSchema) && outputSchema['type'] === 'object' ? withoutDefaultDialect(outputSchema) : undefined;
  if (input === inputSchema && output === outputSchema) return definition;
  return {
    ...rest,
    ...(input !== undefined && { inputSchema: input }),
    ...(output !== undefined && { outputSchema: output }),
  };
}

function withoutDefaultDialect(schema: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(schema) || !DEFAULT_DIALECT.has(schema['$schema'])) return schema;
  const { $schema: _, ...rest } = schema;
  return rest;
}
