import { z } from 'zod';
import type { Shape } from './shape.js';

interface Schema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  oneOf?: Schema[] | undefined;
  anyOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
}
const SCHEMA: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), SCHEMA).optional(),
    required: z.array(z.string()).optional(),
    items: SCHEMA.optional(),
    oneOf: z.array(SCHEMA).optional(),
    anyOf: z.array(SCHEMA).optional(),
    allOf: z.array(SCHEMA).optional(),
  }),
);
const CONTENT = z.record(z.string(), z.object({ schema: SCHEMA.optional() }));
const OPERATION = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false) })).default([]),
  requestBody: z.object({ content: CONTENT }).optional(),
  responses: z.record(z.string(), z.object({ content: CONTENT.optional() })),
});
const DOCUMENT = z.object({
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.object({ schemas: z.record(z.string(), SCHEMA) }),
});
type Document = z.infer<typeof DOCUMENT>;

/** One operation of the admin API: what a client may send, and what it gets. */
export interface RestOperation {
  /** By `in name`; `? ` if it may be absent. */
  parameters: Shape;
  request: Shape;
  /** By status. */
  responses: Record<string, Shape>;
}

/** The operations of an OpenAPI document, by method and path. */
export function restOperations(openApi: unknown): Record<string, RestOperation> {
  const document = DOCUMENT.parse(openApi);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, RestOperation] => {
      const parameters = operation.parameters.map((each) => [
        `${each.in} ${each.name}`,
        each.required ? 'string' : '? string',
      ]);
      const responses = Object.entries(operation.responses).map(([status, { content = {} }]) => [
        status,
        shapeOfContent(document, content),
      ]);
      return [
        `${method.toUpperCase()} ${path}`,
        {
          parameters: Object.fromEntries(parameters),
          request: shapeOfContent(document, operation.requestBody?.content ?? {}),
          responses: Object.fromEntries(responses),
        },
      ];
    }),
  );
  return Object.fromEntries(operations);
}

function shapeOfContent(document: Document, content: z.infer<typeof CONTENT>): Shape {
  const shape: Shape = {};
  const { schema } = Object.values(content)[0] ?? {};
  if (schema) describe(document, [schema], '', '', shape);
  return shape;
}

function describe(document: Document, schemas: Schema[], path: string, mark: string, shape: Shape): void {
  const parts = schemas.flatMap((schema) => alternatives(document, schema));
  if (path !== '') shape[path] = `${mark}${[...new Set(parts.flatMap(typesOf))].toSorted().join(' | ')}`;
  const elements = parts.flatMap(({ items }) => items ?? []);
  if (elements.length > 0) describe(document, elements, `${path}[]`, '', shape);
  const objects = parts.filter(({ properties }) => properties !== undefined);
  for (const name of new Set(objects.flatMap(({ properties }) => Object.keys(properties ?? {})))) {
    const found = objects.flatMap(({ properties }) => properties?.[name] ?? []);
    const isAlways = objects.every(({ required = [] }) => required.includes(name));
    describe(document, found, path === '' ? name : `${path}.${name}`, isAlways ? '' : '? ', shape);
  }
}

function alternatives(document: Document, schema: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const target = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    return target ? alternatives(document, target) : [{}];
  }
  const nested = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return nested.length > 0 ? nested.flatMap((each) => alternatives(document, each)) : [schema];
}

function typesOf({ type, enum: values, properties }: Schema): string[] {
  if (values !== undefined) return values.map((value) => JSON.stringify(value));
  const types = [type ?? []].flat().map((each) => (each === 'array' ? 'object' : each === 'integer' ? 'number' : each));
  if (types.length === 0) return ['json'];
  return types.map((each) => (each === 'object' && properties === undefined && type === 'object' ? 'json' : each));
}
