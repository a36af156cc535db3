import type { TraceContext } from '@lethe/mcp';
import { NO_TIME } from './span-clock.js';
import { type Attributes, type Span, SPAN_KIND, type SpanEnd, type SpanForm } from './tracer.js';

/** Bits of a span's flags beside those of W3C: whether its parent is remote is known, and it is. All have three digits. */
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;
/** `STATUS_CODE_ERROR`. */
const FAILED = ',"status":{"code":2}';
const MAX_NAME = 256;
/** The end of a span that has nothing but common members. */
export const CLOSED = ']}';
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** How spans begin: what each has of its own, with places to write it to. */
export interface SpanStart {
  readonly bytes: Buffer;
  readonly at: Readonly<Record<'traceId' | 'spanId' | 'parentId' | 'flags' | 'startedAt' | 'endedAt', number>>;
}

const TIMES = `"startTimeUnixNano":"${NO_TIME}","endTimeUnixNano":"${NO_TIME}",`;
export const WITHOUT_PARENT = spanStart('');
export const WITH_PARENT = spanStart(`"parentSpanId":"${NO_SPAN}",`);

/**
 * A span in the JSON of OTLP: ids in hexadecimal digits, times as texts, enumerations as numbers. There is no `traceState`:
 * callers can write anything into theirs.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
function spanStart(parent: string): SpanStart {
  const json = `{"traceId":"${NO_TRACE}","spanId":"${NO_SPAN}","flags":000,${TIMES}${parent}`;
  const after = (name: string): number => json.indexOf(`"${name}":`) + name.length + '"":'.length;
  const at = {
    traceId: after('traceId') + 1,
    spanId: after('spanId') + 1,
    parentId: after('parentSpanId') + 1,
    flags: after('flags'),
    startedAt: after('startTimeUnixNano') + 1,
    endedAt: after('endTimeUnixNano') + 1,
  };
  return { bytes: Buffer.from(json), at };
}

/** Encodes the members that many spans have in common; the list of attributes stays open. */
export function spanForm(kind: keyof typeof SPAN_KIND, name: string, attributes: Attributes): SpanForm {
  const json = attributesJson(attributes);
  const bytes = Buffer.from(`"name":${text(name)},"kind":${SPAN_KIND[kind]},"attributes":[${json}`);
  return { bytes, hasAttributes: json !== '' };
}

/** What stands behind the common members of a span. */
export function moreOf({ hasAttributes }: SpanForm, end: SpanEnd | undefined): string {
  if (!end) return CLOSED;
  const { attributes, link, isError } = end;
  const more = attributes ? attributesJson(attributes) : '';
  const comma = more !== '' && hasAttributes ? ',' : '';
  return `${comma}${more}]${link ? linkJson(link) : ''}${isError ? FAILED : ''}}`;
}

/** The flags of a span as OTLP has them. */
export function spanFlags({ flags, parent, isParentRemote }: Span): number {
  return flags | PARENT_IS_KNOWN | (parent && isParentRemote ? PARENT_IS_REMOTE : 0);
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
