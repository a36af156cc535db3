import { ObjectText } from './json/object-text.js';
import type { MemberSpan, MessageSpans } from './json/message-scan.js';
import { isObject } from './json/value.js';
import type { RpcRequest } from './json-rpc.js';

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
export function withTraceMeta(message: RpcRequest, { traceparent, tracestate }: TraceMeta): RpcRequest | undefined {
  const { params, spans } = message;
  const span = spans.get('params');
  const meta = params['_meta'];
  if (!span || (meta !== undefined && !isObject(meta))) return undefined;
  const { tracestate: _, ...kept } = meta ?? {};
  const edits = {
    traceparent: JSON.stringify(traceparent),
    tracestate: tracestate === undefined ? undefined : JSON.stringify(tracestate),
  };
  const at = spans.get('params._meta');
  const edited = at ? replaced(message, at, edits) : inserted(message, span.start + 1, edits);
  const now = { ...kept, traceparent, ...(tracestate !== undefined && { tracestate }) };
  return { ...message, ...edited, params: { ...params, _meta: now } };
}

type Edited = Pick<RpcRequest, 'bytes' | 'spans'>;
type MetaEdits = Readonly<Record<keyof TraceMeta, string | undefined>>;

function replaced({ bytes, spans }: RpcRequest, { start, end }: MemberSpan, edits: MetaEdits): Edited {
  const text = new ObjectText(bytes.toString('utf8', start, end)).with(edits);
  return splice(bytes, spans, start, end, Buffer.from(text));
}

/** @param at behind the brace that opens the parameters */
function inserted({ bytes, spans, params }: RpcRequest, at: number, edits: MetaEdits): Edited {
  const name = '"_meta":';
  const value = new ObjectText('{}').with(edits);
  const comma = Object.keys(params).length > 0 ? ',' : '';
  const own = { from: at, start: at + name.length, end: at + name.length + value.length };
  return splice(bytes, spans, at, at, Buffer.from(`${name}${value}${comma}`), own);
}

function splice(
  bytes: Buffer,
  spans: MessageSpans,
  start: number,
  end: number,
  text: Buffer,
  meta?: MemberSpan,
): Edited {
  return {
    bytes: Buffer.concat([bytes.subarray(0, start), text, bytes.subarray(end)]),
    spans: new ShiftedSpans(spans, end, text.length - (end - start), meta),
  };
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
