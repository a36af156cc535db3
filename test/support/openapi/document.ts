import { z } from 'zod';

/** A JSON Schema of the document, as far as tests read it. */
export interface Schema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  enum?: unknown[] | undefined;
  format?: string | undefined;
  pattern?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  maxProperties?: number | undefined;
  uniqueItems?: boolean | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  oneOf?: Schema[] | undefined;
  anyOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  propertyNames?: Schema | undefined;
  additionalProperties?: Schema | boolean | undefined;
  readOnly?: boolean | undefined;
}
const number = z.number().optional();
const SCHEMA: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    ...{ minLength: number, maxLength: number, minimum: number, maximum: number },
    ...{ minItems: number, maxItems: number, maxProperties: number },
    uniqueItems: z.boolean().optional(),
    properties: z.record(z.string(), SCHEMA).optional(),
    required: z.array(z.string()).optional(),
    items: SCHEMA.optional(),
    oneOf: z.array(SCHEMA).optional(),
    anyOf: z.array(SCHEMA).optional(),
    allOf: z.array(SCHEMA).optional(),
    propertyNames: SCHEMA.optional(),
    additionalProperties: z.union([z.boolean(), SCHEMA]).optional(),
    readOnly: z.boolean().optional(),
  }),
);
const CONTENT = z.record(z.string(), z.object({ schema: SCHEMA }));
const PARAMETER = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: SCHEMA,
});
const RESPONSE = z.object({
  description: z.string(),
  content: CONTENT.default({}),
  headers: z.record(z.string(), z.unknown()).default({}),
});
const OPERATION = z.looseObject({
  operationId: z.string(),
  summary: z.string().optional(),
  tags: z.array(z.string()).default([]),
  parameters: z.array(PARAMETER).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: CONTENT }).optional(),
  responses: z.record(z.string(), RESPONSE),
  'x-required-role': z.string().optional(),
  security: z.array(z.record(z.string(), z.unknown())).default([]),
});
const DOCUMENT = z.object({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })).default([]),
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.object({
    schemas: z.record(z.string(), SCHEMA),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })).default({}),
  }),
});

/** An OpenAPI document. */
export type Document = z.infer<typeof DOCUMENT>;
/** What an operation answers with one status. */
export type DocumentedResponse = z.infer<typeof RESPONSE>;
/** An operation with its place. */
export type DocumentedOperation = z.infer<typeof OPERATION> & { method: string; path: string };

/** Reads an OpenAPI document. */
export function readDocument(openApi: unknown): Document {
  return DOCUMENT.parse(openApi);
}

/** Its operations, each with method and path. */
export function operationsOf({ paths }: Document): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** The schema itself, or the one that it refers to. */
export function resolved({ components }: Document, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const target = components.schemas[name];
  if (target === undefined) throw new Error(`${schema.$ref} leads nowhere`);
  return target;
}

/** The codes of errors that an operation documents. */
export function documentedCodes({ responses }: DocumentedOperation): string[] {
  return Object.values(responses).flatMap(({ content }) => {
    const { oneOf, ...single } = content['application/problem+json']?.schema ?? {};
    return (oneOf ?? [single]).flatMap(({ $ref }) => ($ref === undefined ? [] : [codeOf($ref)]));
  });
}

/** `#/components/schemas/NotFoundProblem`: `not_found` */
function codeOf(reference: string): string {
  const name = reference.replace(/^.*\/|Problem$/g, '');
  return name.replaceAll(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '_'}${letter.toLowerCase()}`);
}
