/**
 * How long a client waits for one JSON body before it gets a stream instead, whose comments keep its connection open: reverse
 * proxies close a connection without a byte after a minute or less.
 */
export const BEFORE_STREAM_MS = 1_000;

/** Headers of every SSE response. The last one turns off nginx's buffering. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** The header that says when to try again; none if that is not known. */
export function retryAfterHeader(seconds: unknown): Record<string, string> {
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
}
