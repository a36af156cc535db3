import { z } from 'zod';

/**
 * `ExportTraceServiceRequest` in the JSON of OTLP, and nothing else: ids in hexadecimal digits, 64-bit numbers as texts,
 * enumerations as numbers, no member that is not of the protocol.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
const TRACE_ID = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const SPAN_ID = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
const UINT64 = z.string().regex(/^[1-9]\d{0,19}$/);
const FIXED32 = z.int().min(0).max(0xffff_ffff);
const VALUE = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const ATTRIBUTES = z
  .array(z.strictObject({ key: z.string().min(1), value: VALUE }))
  .refine((list) => new Set(list.map(({ key }) => key)).size === list.length, 'a key occurs twice');
const SPAN = z.strictObject({
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  traceState: z.string().optional(),
  parentSpanId: SPAN_ID.optional(),
  flags: FIXED32.optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: UINT64,
  endTimeUnixNano: UINT64,
  attributes: ATTRIBUTES.optional(),
  droppedAttributesCount: FIXED32.optional(),
  links: z
    .array(z.strictObject({ traceId: TRACE_ID, spanId: SPAN_ID, attributes: ATTRIBUTES.optional(), flags: FIXED32 }))
    .optional(),
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }).optional(),
});
const REQUEST = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: ATTRIBUTES }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(SPAN).min(1),
        }),
      ),
      schemaUrl: z.string().optional(),
    }),
  ),
});

/** A span as a collector reads it. */
export interface ReceivedSpan extends Omit<z.output<typeof SPAN>, 'attributes'> {
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Those of its service. */
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

/** @throws when the text is not exactly what the protocol says */
export function readOtlp(json: string): ReceivedSpan[] {
  const { resourceSpans } = REQUEST.parse(JSON.parse(json));
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => {
        if (BigInt(span.endTimeUnixNano) < BigInt(span.startTimeUnixNano))
          throw new Error('a span ends before it begins');
        return { ...span, attributes: plain(span.attributes ?? []), resource: plain(resource.attributes) };
      }),
    ),
  );
}

function plain(list: z.output<typeof ATTRIBUTES>): Record<string, string | number | boolean> {
  const valueOf = (value: z.output<typeof VALUE>) =>
    'intValue' in value ? Number(value.intValue) : (Object.values(value)[0] ?? '');
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));
}
