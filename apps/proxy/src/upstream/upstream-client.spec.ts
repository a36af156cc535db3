import type { ServerResponse } from 'node:http';
import { eventually } from '@test/support/eventually.js';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { ConnectionPools, traceHeaders } from './upstream-client.js';
import { describe, expect, it } from 'vitest';
import { parseRequestHeaders } from '../http/request/request-headers.js';

describe('ConnectionPools', () => {
  it('opens no more connections to one origin than it may; what is too much waits', async () => {
    const held: ServerResponse[] = [];
    const upstream = await listenOnLoopback((_request, response) => void held.push(response));
    const pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] }, undefined, 2);
    const pool = pools.of({ origin: upstream.origin, hostname: '127.0.0.1', path: '/', query: '', tlsCa: undefined });
    const answers = Array.from({ length: 5 }, () => pool.request({ path: '/', method: 'GET' }));
    await eventually(() => expect(held).toHaveLength(2));
    let answered = 0;
    while (answered < 5) {
      await eventually(() => expect(held.length).toBeGreaterThan(answered));
      expect(held.length - answered).toBeLessThanOrEqual(2);
      held[answered++]?.end();
    }
    for (const { statusCode, body } of await Promise.all(answers)) {
      expect(statusCode).toBe(200);
      await body.dump();
    }
    await pools.close();
    await upstream.close();
  });
});

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const of = (headers: Record<string, string>) =>
  traceHeaders({ trace: undefined, headers: parseRequestHeaders(Object.entries(headers).flat()) });

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
