import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { OtlpClient } from './otlp-client.js';
import { SpanClock } from './span-clock.js';
import { spanForm } from './span-json.js';
import { SpanQueue } from './span-queue.js';
import type { Span } from './tracer.js';

const LIMITS = { delayMs: 60_000, queued: 2_000, perBatch: 1_000, batchTimeoutMs: 60_000 };
const TIMES = { startedAt: 0, endedAt: 1 };
const SPAN: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: '00f067aa0ba902b7',
  flags: 3,
  parent: undefined,
  isParentRemote: true,
  startedAt: 0,
};
/** A batch of them is more than the buffers of a connection hold. */
const LARGE = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key${n}`, 'x'.repeat(256)]));

/** Accepts at the first bytes of a request, and reads the others only when told. */
async function eagerCollector() {
  const connections: Socket[] = [];
  const chunks: Buffer[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.once('data', () => {
      socket.pause();
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1/traces`,
    received: () => Buffer.concat(chunks),
    readOn: () => connections.forEach((socket) => socket.resume()),
    close: () => {
      connections.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

/** Body of the first of the requests in these bytes; undefined while some of it is missing. */
function firstBody(bytes: Buffer): string | undefined {
  const start = bytes.indexOf('\r\n\r\n') + 4;
  const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, start))?.[1]);
  return bytes.length < start + length ? undefined : bytes.toString('utf8', start, start + length);
}

function clock(): SpanClock {
  const made = new SpanClock();
  made.read(0);
  return made;
}

const logger = () => ({ info: vi.fn(), warn: vi.fn() });

afterEach(() => vi.useRealTimers());

describe('SpanQueue', () => {
  it('fills no batch again while its request is still being written', async () => {
    const collector = await eagerCollector();
    const client = new OtlpClient({ url: collector.url, headers: {}, timeoutMs: 60_000 }, {});
    const counts = { sent: vi.fn(), dropped: vi.fn() };
    const queue = new SpanQueue(client, LIMITS, clock(), counts, logger());
    const add = (name: string): void => {
      const form = spanForm('server', name, LARGE);
      for (let n = 0; n < LIMITS.perBatch; n++) queue.add(SPAN, form, undefined, TIMES);
    };
    try {
      add('first');
      await vi.waitFor(() => expect(counts.sent).toHaveBeenCalledWith(LIMITS.perBatch));
      await pause(0);
      expect(collector.received().length).toBeLessThan(1_000_000);
      add('second');
      collector.readOn();
      const body = await vi.waitFor(
        () => firstBody(collector.received()) ?? Promise.reject(new Error('incomplete')),
        10_000,
      );
      expect(() => void JSON.parse(body)).not.toThrow();
      expect(body.match(/"name":"first"/g)).toHaveLength(LIMITS.perBatch);
      expect(body).not.toContain('"name":"second"');
    } finally {
      collector.close();
      await queue.close();
    }
  });

  it('tells once that its spans are dropped, and how many when that is over', async () => {
    vi.useFakeTimers();
    const lines: object[] = [];
    const log = createLogger('proxy', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
    const client = {
      head: Buffer.from('['),
      send: () => new Promise<never>(() => undefined),
    };
    const counts = { sent: vi.fn(), dropped: vi.fn() };
    const queue = new SpanQueue(client, { ...LIMITS, queued: 2, perBatch: 1 }, clock(), counts, log);
    const form = spanForm('server', 'n', {});
    const add = (): void => queue.add(SPAN, form, undefined, TIMES);
    for (let n = 0; n < 10; n++) add();
    expect(counts.dropped).toHaveBeenCalledTimes(7);
    await vi.advanceTimersByTimeAsync(45_000);
    add();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', reason: 'queue_full' })]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lines.slice(1)).toEqual([expect.objectContaining({ level: 'info', reason: 'queue_full', count: 8 })]);
    add();
    expect(lines).toHaveLength(3);
  });
});
