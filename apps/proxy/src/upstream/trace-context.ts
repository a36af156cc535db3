import type { RequestHeaders } from '../http/request-headers.js';

/** Version, trace id, parent id, flags; all zeros are no id (W3C Trace Context, section 3.2). */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{1,128})?$/;
const MAX_TRACESTATE = 512;

/**
 * The caller's trace headers, relayed unchanged. `baggage` is not relayed: it may contain anything, and this hop
 * crosses between two parties. In `_meta` all three belong to the message and stay.
 * https://www.w3.org/TR/trace-context/
 */
export function traceHeaders(headers: RequestHeaders): [name: string, value: string][] {
  const traceparent = headers.get('traceparent');
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return [];
  const tracestate = headers.get('tracestate');
  const hasState = tracestate !== undefined && tracestate !== '' && tracestate.length <= MAX_TRACESTATE;
  return [['traceparent', traceparent], ...(hasState ? [['tracestate', tracestate] satisfies [string, string]] : [])];
}
