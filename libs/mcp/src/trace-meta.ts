import type { JsonObject } from '@lethe/contracts';
import { ObjectText } from './json/object-text.js';
import type { MemberSpan, MessageSpans, Span } from './json/message-scan.js';
import { isObject } from './json/value.js';
import type { RpcRequest } from './json-rpc.js';
import { readTraceparent } from './trace-context.js';

/** The trace context of a message, as texts. */
export interface TraceMeta {
  readonly traceparent: string;
  /** Undefined removes it. */
  readonly tracestate: string | undefined;
}

/**
 * The request with another trace context in `params._meta`; all other bytes stay as received. Undefined if it has no
 * parameters that can hold one.
 * https://modelcontextprotocol.io/community/seps/414-request-meta
 */
export function withTraceMeta(message: RpcRequest, trace: TraceMeta): RpcRequest | undefined {
  const { params, spans, bytes } = message;
  const span = spans.get('params');
  const meta = params['_meta'];
  if (!span || (meta !== undefined && !isObject(meta))) return undefined;
  const now = withTrace(meta ?? {}, trace);
  const from = meta && replaceable(message, meta, trace);
  if (from !== undefined) {
    const edited = Buffer.from(bytes);
    edited.write(trace.traceparent, from, 'latin1');
    return { ...message, bytes: edited, params: { ...params, _meta: now } };
  }
  const { at, text, own } = editOf(message, span, trace);
  const edited = Buffer.allocUnsafe(bytes.length - (at.end - at.start) + text.length);
  bytes.copy(edited, 0, 0, at.start);
  edited.write(text, at.start, 'latin1');
  bytes.copy(edited, at.start + text.length, at.end);
  const shifted = new ShiftedSpans(spans, at.end, edited.length - bytes.length, own);
  return { ...message, bytes: edited, spans: shifted, params: { ...params, _meta: now } };
}

function withTrace(meta: JsonObject, { traceparent, tracestate }: TraceMeta): JsonObject {
  if (tracestate !== undefined) return { ...meta, traceparent, tracestate };
  if (meta['tracestate'] === undefined) return { ...meta, traceparent };
  const { tracestate: _, ...kept } = meta;
  return { ...kept, traceparent };
}

/**
 * Where a `traceparent` is that another one can be written over, as nothing else changes. Undefined unless its text is
 * certain to be the member's value: it is ASCII, it is there once, and nothing is written with escapes.
 */
function replaceable({ bytes, spans }: RpcRequest, meta: JsonObject, trace: TraceMeta): number | undefined {
  const { traceparent: given, tracestate } = meta;
  const at = spans.get('params._meta');
  if (!at || typeof given !== 'string' || !readTraceparent(given)) return undefined;
  if (given.length !== trace.traceparent.length || tracestate !== trace.tracestate) return undefined;
  const text = bytes.toString('latin1', at.start, at.end);
  const from = text.indexOf(given);
  const isCertain = from === text.lastIndexOf(given) && !text.includes('\\');
  return isCertain ? at.start + from : undefined;
}

/** What replaces the bytes at a place: one character for each byte. */
interface Edit {
  readonly at: Span;
  readonly text: string;
  /** Where `_meta` is then, if it is new. */
  readonly own?: MemberSpan;
}

const NAME = '"_meta":';
const OWN = ['traceparent', 'tracestate'] as const;

function editOf({ spans, params, bytes }: RpcRequest, { start }: Span, trace: TraceMeta): Edit {
  const at = spans.get('params._meta');
  const meta = params['_meta'];
  if (!at || !isObject(meta)) {
    const value = `{${membersOf(trace)}}`;
    const from = start + 1;
    const own = { from, start: from + NAME.length, end: from + NAME.length + value.length };
    return { at: { start: from, end: from }, text: `${NAME}${value}${commaIf(params)}`, own };
  }
  const first = at.start + 1;
  const hasNone = OWN.every((name) => meta[name] === undefined);
  if (hasNone) return { at: { start: first, end: first }, text: `${membersOf(trace)}${commaIf(meta)}` };
  const { traceparent, tracestate } = trace;
  const edits = { traceparent: `"${traceparent}"`, tracestate: tracestate && JSON.stringify(tracestate) };
  const text = new ObjectText(bytes.toString('latin1', at.start, at.end)).with(edits);
  return { at, text };
}

/** Both are ASCII. */
function membersOf({ traceparent, tracestate }: TraceMeta): string {
  const state = tracestate === undefined ? '' : `,"tracestate":${JSON.stringify(tracestate)}`;
  return `"traceparent":"${traceparent}"${state}`;
}

function commaIf(members: object): string {
  for (const _ in members) return ',';
  return '';
}

/** The spans of a message of which one part became longer or shorter. */
class ShiftedSpans implements MessageSpans {
  constructor(
    private readonly spans: MessageSpans,
    /** Where the part ended. */
    private readonly end: number,
    private readonly by: number,
    private readonly meta: MemberSpan | undefined,
  ) {}

  get(path: string): MemberSpan | undefined {
    if (path === 'params._meta' && this.meta) return this.meta;
    const span = this.spans.get(path);
    return span && { from: this.shifted(span.from), start: this.shifted(span.start), end: this.shifted(span.end) };
  }

  private shifted(at: number): number {
    return at >= this.end ? at + this.by : at;
  }
}
