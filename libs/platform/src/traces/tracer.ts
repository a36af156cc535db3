import type { TraceContext } from '@lethe/mcp';

/** Injection token of an application's `Tracer`; undefined if traces are off. */
export const TRACER = Symbol('TRACER');

/** A span that has begun. Only sampled spans exist: where there is none, nothing is recorded. */
export interface Span extends TraceContext {
  readonly parent: TraceContext | undefined;
  /** The parent is in another process. */
  readonly isParentRemote: boolean;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** How OTLP numbers the kinds of spans. */
export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;

/** Values of attributes; undefined is left out. Identifiers, counts and closed codes, never text from a request. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** What is the same in many spans, encoded once. */
export interface SpanForm {
  /** JSON members, with a list of attributes that is not closed. */
  readonly bytes: Buffer;
  readonly hasAttributes: boolean;
}

/** What is known of a span only at its end. */
export interface SpanEnd {
  readonly attributes?: Attributes;
  readonly isError?: boolean;
  /** A further span that caused this one. */
  readonly link?: TraceContext | undefined;
}

/** When a span began and ended, by `performance.now()`. */
export interface SpanTimes {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Makes spans and sends them, without ever making anybody wait. */
export abstract class Tracer {
  /** Begins the span of a request from elsewhere, now if not told otherwise; undefined if its trace is not sampled. */
  abstract begin(parent: TraceContext | undefined, startedAt?: number): Span | undefined;
  /** Begins a span within another one. */
  abstract child(parent: Span, startedAt?: number): Span;
  /** Encodes what many spans have in common. */
  abstract form(kind: keyof typeof SPAN_KIND, name: string, attributes: Attributes): SpanForm;
  /** @param times otherwise from its beginning until now */
  abstract end(span: Span, form: SpanForm, end?: SpanEnd, times?: SpanTimes): void;
  /** Sends what waits, for a short time. */
  abstract close(): Promise<void>;
}
