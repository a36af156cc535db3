import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { eventually } from '@test/support/eventually.js';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { ConnectionPools } from './connection-pools.js';

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
