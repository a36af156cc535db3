import { expect, it } from 'vitest';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { OtlpClient } from './otlp-client.js';
import { SpanBatch } from './span-batch.js';
import { SpanClock } from './span-clock.js';

it('tells a collector that answers too late by a code of its own', async () => {
  const { origin, close } = await listenOnLoopback(() => undefined);
  const client = new OtlpClient({ url: `${origin}/v1/traces`, headers: {}, timeoutMs: 20 }, {});
  const { answer } = await client.send(new SpanBatch(client.head, 1, new SpanClock()), new AbortController().signal);
  expect(answer).toEqual({ kind: 'unreachable', code: 'ETIMEDOUT' });
  await close();
});
