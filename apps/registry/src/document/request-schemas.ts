import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  $ref?: string;
  type?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: unknown;
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
