import type { OpenAPIObject } from '@nestjs/swagger';
import { VIEW_OF_OPERATION } from '../rest/read-back.js';

interface Schema {
  $ref?: string;
  type?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: unknown;
  readOnly?: boolean;
}

const PREFIX = '#/components/schemas/';

/** Says of every object of a request that it has no further members: unknown fields are refused. */
export function closeRequests({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>;
  const seen = new Set<Schema>();
  const close = (schema: Schema | undefined): void => {
    if (!schema || seen.has(schema)) return;
    seen.add(schema);
    if (schema.$ref) close(schemas[schema.$ref.slice(PREFIX.length)]);
    if (schema.properties) schema.additionalProperties ??= false;
    const { properties = {}, items, allOf = [], oneOf = [], anyOf = [] } = schema;
    for (const each of [...Object.values(properties), items, ...allOf, ...oneOf, ...anyOf]) close(each);
  };
  for (const item of Object.values(paths)) {
    for (const { requestBody } of [item.post, item.put, item.patch].flatMap((operation) => operation ?? [])) {
      if (requestBody && 'content' in requestBody) {
        for (const { schema } of Object.values(requestBody.content)) close(schema);
      }
    }
  }
}

/** Says of each change which members of the view it takes, as they were read. They are no part of what it changes. */
export function addReadOnlyMembers({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>;
  for (const { patch } of Object.values(paths)) {
    const view: unknown = patch && Reflect.get(patch, VIEW_OF_OPERATION);
    if (!patch || typeof view !== 'string') continue;
    Reflect.deleteProperty(patch, VIEW_OF_OPERATION);
    const content = patch.requestBody && 'content' in patch.requestBody ? Object.values(patch.requestBody.content) : [];
    for (const { schema } of content) {
      const changed = schema && '$ref' in schema ? schemas[schema.$ref.slice(PREFIX.length)] : undefined;
      if (changed) changed.properties = { ...readOnly(schemas[view]?.properties), ...changed.properties };
    }
  }
}

function readOnly(properties: Record<string, Schema> = {}): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, { ...schema, readOnly: true }]));
}
