/** A position in a distributed trace. https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Bit 0: the trace is sampled. Bit 1: its id is random. */
  readonly flags: number;
}

/** Bit of `flags`: the trace is sampled. */
export const SAMPLED = 0x01;
const KNOWN_FLAGS = 0x03;

/** Version, trace id, parent id, flags; all zeros are no id (W3C Trace Context, section 3.2). */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-[\x21-\x7e]{1,128})?$/;
const MAX_TRACESTATE = 512;
/** What a header may contain. */
const PRINTABLE = /^[\x20-\x7e]+$/;

/** Reads a `traceparent`; undefined for anything that has not its form. */
export function readTraceparent(value: unknown): TraceContext | undefined {
  const [, traceId, spanId, flags] = (typeof value === 'string' && TRACEPARENT.exec(value)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags: parseInt(flags, 16) & KNOWN_FLAGS };
}

/** Whether a `tracestate` may be passed on. Its content is the business of the tracing systems that wrote it. */
export function isTracestate(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TRACESTATE && PRINTABLE.test(value);
}

/** Writes a `traceparent`. */
export function traceparentOf({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${flags}`;
}
