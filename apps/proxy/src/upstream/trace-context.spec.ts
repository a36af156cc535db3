import { describe, expect, it } from 'vitest';
import { parseRequestHeaders } from '../http/request-headers.js';
import { traceHeaders } from './trace-context.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const of = (headers: Record<string, string>) => traceHeaders(parseRequestHeaders(Object.entries(headers).flat()));

describe('traceHeaders', () => {
  it('continues a trace as it came, and its state with it', () => {
    expect(of({ traceparent: PARENT, tracestate: 'a=1,b=2' })).toEqual([
      ['traceparent', PARENT],
      ['tracestate', 'a=1,b=2'],
    ]);
    expect(of({ traceparent: `cc${PARENT.slice(2)}-more` })).toHaveLength(1);
  });

  it('passes on no state without a trace, no baggage, and nothing that has not the form', () => {
    expect(of({ tracestate: 'a=1', baggage: 'user=somebody' })).toEqual([]);
    const wrong = ['', 'x', PARENT.toUpperCase(), `ff${PARENT.slice(2)}`, PARENT.replace(/4bf9.*4736/, '0'.repeat(32))];
    for (const traceparent of wrong) expect(of({ traceparent, tracestate: 'a=1' })).toEqual([]);
    expect(of({ traceparent: PARENT, tracestate: 'x'.repeat(513) })).toEqual([['traceparent', PARENT]]);
  });
});
