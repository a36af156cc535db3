import type { TraceContext } from '@lethe/mcp';
import { type Attributes, type Span, SPAN_KIND, type SpanEnd, type SpanForm } from './tracer.js';

/** Bits of a span's flags beside those of W3C: whether its parent is remote is known, and it is. */
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;
/** `STATUS_CODE_ERROR`. */
const FAILED = ',"status":{"code":2}';
const MAX_NAME = 256;

/** Encodes the members that many spans have in common. */
export function spanForm(kind: keyof typeof SPAN_KIND, name: string, attributes: Attributes): SpanForm {
  return { head: `"name":${text(name)},"kind":${SPAN_KIND[kind]}`, attributes: attributesJson(attributes) };
}

/**
 * A span in the JSON of OTLP: ids in hexadecimal digits, times as texts, enumerations as numbers. There is no `traceState`:
 * callers can write anything into theirs.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @param startedAt, endedAt nanoseconds since 1970
 */
export function spanJson(
  span: Span,
  form: SpanForm,
  { attributes, link, isError }: SpanEnd,
  startedAt: string,
  endedAt: string,
): string {
  const { traceId, spanId, parent } = span;
  const flags = span.flags | PARENT_IS_KNOWN | (parent && span.isParentRemote ? PARENT_IS_REMOTE : 0);
  const parentId = parent ? `,"parentSpanId":"${parent.spanId}"` : '';
  const more = attributes ? attributesJson(attributes) : '';
  const comma = more !== '' && form.attributes !== '' ? ',' : '';
  const rest = `${link ? linkJson(link) : ''}${isError ? FAILED : ''}`;
  return `{"traceId":"${traceId}","spanId":"${spanId}"${parentId},"flags":${flags},${form.head},"startTimeUnixNano":"${startedAt}","endTimeUnixNano":"${endedAt}","attributes":[${form.attributes}${comma}${more}]${rest}}`;
}

/** Attributes in the JSON of OTLP, without the brackets of their list. */
export function attributesJson(attributes: Attributes): string {
  let json = '';
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    const encoded = typeof value === 'number' ? `{"intValue":"${value}"}` : `{"stringValue":${text(value)}}`;
    json += `${json === '' ? '' : ','}{"key":${JSON.stringify(key)},"value":${encoded}}`;
  }
  return json;
}

function linkJson({ traceId, spanId, flags }: TraceContext): string {
  const known = flags | PARENT_IS_KNOWN | PARENT_IS_REMOTE;
  return `,"links":[{"traceId":"${traceId}","spanId":"${spanId}","flags":${known}}]`;
}

/** Lone surrogates would be no UTF-8. */
function text(value: string): string {
  return JSON.stringify(value.slice(0, MAX_NAME).toWellFormed());
}
