/** Headers of every SSE response; the last one keeps nginx from collecting events before it passes them on. */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;
