import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '@lethe/platform';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { EventHead } from './event-head.service.js';
import { EventStreams } from './event-streams.service.js';

const reader: AdminIdentity = { kind: 'administrator', id: 'a', name: 'A', role: 'viewer', expiresAt: null };

/** Streams over a log of so many entries, without a database. */
function streamsOver(count: number) {
  const asked: number[] = [];
  const entry = (seq: number) => ({ seq, recordedAt: new Date(0), actorKind: 'registry', actorId: 'registry', operation: 'x',
    outcome: 'done', targetKind: 'server', targetId: '1', targetSlug: 's'.repeat(200), before: null, after: {} }); // prettier-ignore
  const log = {
    hasAllAfter: () => Promise.resolve(true),
    between: (after: number, upTo: number, { limit }: { limit: number }) => {
      asked.push(after);
      return Promise.resolve(Array.from({ length: Math.min(limit, upTo - after) }, (_, n) => entry(after + n + 1)));
    },
  };
  const head = {
    now: () => Promise.resolve(count),
    beyond: (seq: number, timeoutMs: number) =>
      seq < count ? Promise.resolve(count) : new Promise((resolve) => setTimeout(() => resolve(seq), timeoutMs)),
  };
  const identities = { identify: () => Promise.resolve(reader) };
  const parts = [log, head, identities, createLogger('registry', 'silent')];
  const streams: EventStreams = Reflect.construct(EventStreams, parts);
  const start = (lastEventId?: number) =>
    streams.start({ reader, authorization: { header: '', token: '' }, lastEventId, target: undefined });
  return { streams, start, asked };
}

describe('a stream of events', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reads only as far ahead as its client takes it', async () => {
    const { start, asked } = streamsOver(100_000);
    const stream = await start(0);
    stream.once('readable', () => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([0]);
    expect(stream.readableLength).toBeLessThan(200_000);
    for (let taken = 0; taken < 100; taken += 1) {
      stream.read();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(asked.length).toBeGreaterThan(10);
    stream.destroy();
  });

  it('has a comment each 15 s while nothing happens', async () => {
    const stream = await streamsOver(5).start();
    const texts: string[] = [];
    stream.on('data', (part: Buffer) => texts.push(part.toString()));
    await vi.advanceTimersByTimeAsync(46_000);
    expect(texts).toEqual(['retry: 2000\nid: 5\n\n', ':\n\n', ':\n\n', ':\n\n']);
    stream.destroy();
  });

  it('that should end is broken off if its client takes nothing', async () => {
    const { start, streams } = streamsOver(100_000);
    const stream = await start(0);
    stream.once('readable', () => undefined);
    await vi.advanceTimersByTimeAsync(1);
    streams.end();
    expect(stream.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect(stream.destroyed).toBe(true);
  });
});

describe('the end of the audit log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leaves nothing behind of who has waited for it, however often that was', async () => {
    const database = { onCommit: () => undefined, read: () => Promise.resolve([{ seq: '5' }]) };
    const head: EventHead = Reflect.construct(EventHead, [database, createLogger('registry', 'silent')]);
    const { signal } = new AbortController();
    for (let times = 0; times < 3; times += 1) {
      const waited = head.beyond(5, 15_000, signal);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(await waited).toBe(5);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
