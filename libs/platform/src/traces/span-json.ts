import type { TraceContext } from '@lethe/mcp';
import type { Attributes, Span, SpanEnd } from './tracer.js';

/** Bits of a span's flags beside those of W3C: whether its parent is remote is known, and it is. */
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;
const STATUS_ERROR = 2;
const MAX_NAME = 256;

/**
 * A span in the JSON of OTLP: ids in hexadecimal digits, times as texts, enumerations as numbers. There is no `traceState`:
 * callers can write anything into theirs.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @param epochMs what to add to `performance.now()` for the time since 1970
 */
export function spanJson(span: Span, end: SpanEnd, epochMs: number): string {
  const { traceId, spanId, parent, startedAt } = span;
  const { kind, attributes, link, isError } = end;
  const remote = parent && span.isParentRemote ? PARENT_IS_REMOTE : 0;
  const flags = span.flags | PARENT_IS_KNOWN | remote;
  const parentId = parent ? `,"parentSpanId":"${parent.spanId}"` : '';
  const times = `"startTimeUnixNano":"${nanos(epochMs + startedAt)}","endTimeUnixNano":"${nanos(epochMs + (end.endedAt ?? performance.now()))}"`;
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}"${parentId},"flags":${flags},"name":${text(end.name)},"kind":${kind},${times},` +
    `"attributes":${attributesJson(attributes)}${link ? linkJson(link) : ''}${isError ? `,"status":{"code":${STATUS_ERROR}}` : ''}}`
  );
}

/** Attributes in the JSON of OTLP. */
export function attributesJson(attributes: Attributes): string {
  let json = '';
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    const encoded = typeof value === 'number' ? `{"intValue":"${value}"}` : `{"stringValue":${text(value)}}`;
    json += `${json === '' ? '' : ','}{"key":${JSON.stringify(key)},"value":${encoded}}`;
  }
  return `[${json}]`;
}

function linkJson({ traceId, spanId, flags }: TraceContext): string {
  const known = flags | PARENT_IS_KNOWN | PARENT_IS_REMOTE;
  return `,"links":[{"traceId":"${traceId}","spanId":"${spanId}","flags":${known}}]`;
}

/** Lone surrogates would be no UTF-8. */
function text(value: string): string {
  return JSON.stringify(value.slice(0, MAX_NAME).toWellFormed());
}

/** Nanoseconds of a time in milliseconds, exact to the microsecond: as a number it would lose digits. */
function nanos(ms: number): string {
  return `${Math.round(ms * 1_000)}000`;
}
