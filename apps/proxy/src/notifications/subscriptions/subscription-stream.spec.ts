import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { KEEP_ALIVE_MS, ResponseWriter } from '../../http/response/response-writer.js';
import { SubscriptionStream } from './subscription-stream.js';

describe('the stream of `subscriptions/listen`', () => {
  afterEach(() => void vi.useRealTimers());

  /** What a client reads of a stream whose server does this and then finishes it. */
  async function read(work: (stream: SubscriptionStream) => void): Promise<string> {
    const { origin, close } = await listenOnLoopback((_request, response) => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const stream = new SubscriptionStream(new ResponseWriter(response), 'sub-1');
      stream.acknowledge({ lists: ['tools'], uris: [] });
      // Its beginning is held for one turn.
      void nextTurn().then(() => {
        work(stream);
        stream.finish();
      });
    });
    try {
      return await (await fetch(origin)).text();
    } finally {
      await close();
    }
  }

  it('has one keep-alive comment in each interval', async () => {
    const text = await read(() => void vi.advanceTimersByTime(3 * KEEP_ALIVE_MS));
    expect(text.match(/^:$/gm)).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends with its response, after everything that a slow client has not read', async () => {
    const text = await read((stream) => {
      stream.send(JSON.stringify({ jsonrpc: '2.0', method: 'first', params: { filler: 'x'.repeat(1_000_000) } }));
      for (const method of ['second', 'third', 'second']) stream.send(JSON.stringify({ jsonrpc: '2.0', method }));
    });
    const messages = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as object);
    expect(messages.slice(1)).toMatchObject([
      { method: 'first' },
      { method: 'second' },
      { method: 'third' },
      { id: 'sub-1', result: { resultType: 'complete' } },
    ]);
  });
});
