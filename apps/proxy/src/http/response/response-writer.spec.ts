import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResponseQueue } from './response-queue.js';
import { KEEP_ALIVE_MS, ResponseWriter } from './response-writer.js';

class Response extends EventEmitter {
  written: string[] = [];
  headersSent = false;
  writableFinished = false;
  writableEnded = false;
  writableNeedDrain = false;
  writeHead = () => ((this.headersSent = true), this);
  write = (text: string) => (this.written.push(text), !this.writableNeedDrain);
  end = (text = '') => void this.written.push(text, 'END');
  destroy = () => this.emit('close');
}

function sink() {
  const response = new Response();
  const queued: string[] = [];
  const queue: ResponseQueue = {
    maxBytes: 4_096,
    enqueue: (_response, headers, body) => (queued.push(`${headers['content-type']} ${body}`), true),
  };
  return { response, queued, writer: new ResponseWriter(response as unknown as ServerResponse, queue) };
}

const EVENTS = { 'content-type': 'text/event-stream' };

describe('ResponseWriter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends a quiet stream a comment with its head, and one in each interval until it ends', () => {
    const { response, writer } = sink();
    writer.beginStream(200, {});
    expect(response.written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(response.written).toEqual([':\n\n']);
    vi.advanceTimersByTime(2 * KEEP_ALIVE_MS);
    expect(response.written).toEqual([':\n\n', ':\n\n', ':\n\n']);
    response.emit('close');
    vi.advanceTimersByTime(5 * KEEP_ALIVE_MS);
    expect(response.written).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends no comment before an event of the same turn', () => {
    const { response, writer } = sink();
    writer.beginStream(200, {});
    writer.write('data: 1\n\n');
    vi.advanceTimersByTime(KEEP_ALIVE_MS - 1);
    expect(response.written).toEqual(['data: 1\n\n']);
  });

  it('sends a stream that ends in its turn as one complete response', () => {
    const { response, queued, writer } = sink();
    writer.beginStream(200, EVENTS);
    writer.write('data: 1\n\n');
    writer.write('data: \u00e9\n\n');
    expect(writer.hasBegun).toBe(true);
    writer.end();
    vi.advanceTimersByTime(2 * KEEP_ALIVE_MS);
    expect(queued).toEqual(['text/event-stream data: 1\n\ndata: \u00c3\u00a9\n\n']);
    expect(response.written).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['does not end in it', (writer: ResponseWriter) => void writer.write('data: 1\n\n')],
    ['has more than is held', (writer: ResponseWriter) => void writer.write(`data: ${'1'.repeat(8_192)}\n\n`)],
  ])('sends the head and the events of its first turn together when a stream %s', (_what, write) => {
    const { response, queued, writer } = sink();
    writer.beginStream(200, EVENTS);
    write(writer);
    write(writer);
    vi.advanceTimersByTime(1);
    expect(response.headersSent).toBe(true);
    expect(response.written.join('').replace(/1+/g, '1')).toBe('data: 1\n\ndata: 1\n\n');
    writer.end();
    expect([queued, response.written.at(-1)]).toEqual([[], 'END']);
  });

  it.each([
    ['whose client left', ({ response }: ReturnType<typeof sink>) => void response.emit('close')],
    ['that is broken off', ({ writer }: ReturnType<typeof sink>) => writer.destroy()],
  ])('sends nothing of a stream %s in its first turn', (_what, leave) => {
    const made = sink();
    made.writer.beginStream(200, EVENTS);
    made.writer.write('data: 1\n\n');
    leave(made);
    made.writer.end();
    vi.advanceTimersByTime(2 * KEEP_ALIVE_MS);
    expect([made.queued, made.response.written]).toEqual([[], []]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves a stream to node that the queue does not take', () => {
    const response = new Response();
    const writer = new ResponseWriter(response as unknown as ServerResponse);
    writer.beginStream(200, EVENTS);
    writer.write('data: 1\n\n');
    writer.end();
    expect([response.headersSent, response.written]).toEqual([true, ['data: 1\n\n', 'END']]);
  });

  it('begins a stream when a response takes long, and only then', () => {
    const late = sink();
    late.writer.beginStreamAfter(1_000, 200, {});
    vi.advanceTimersByTime(999);
    expect(late.response.headersSent).toBe(false);
    vi.advanceTimersByTime(2);
    expect(late.response.written).toEqual([':\n\n']);
    const quick = sink();
    quick.writer.beginStreamAfter(1_000, 200, {});
    quick.writer.beginStream(200, {});
    quick.writer.write('data: 1\n\n');
    vi.advanceTimersByTime(KEEP_ALIVE_MS - 1);
    expect(quick.response.written).toEqual(['data: 1\n\n']);
    for (const { response } of [late, quick]) response.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('adds nothing to what a slow client has not read', () => {
    const { response, writer } = sink();
    writer.beginStream(200, {});
    response.writableNeedDrain = true;
    vi.advanceTimersByTime(3 * KEEP_ALIVE_MS);
    expect(response.written).toEqual([]);
  });

  it('lets any number wait for a slow client with one listener, and forgets them when it leaves', () => {
    const { response, writer } = sink();
    const before = response.listenerCount('close');
    let resumed = 0;
    for (let n = 0; n < 16; n++) writer.onceDrained(() => (resumed += 1));
    expect(response.listenerCount('drain')).toBe(1);
    response.emit('drain');
    expect(resumed).toBe(16);
    writer.onceDrained(() => (resumed += 1));
    response.emit('close');
    expect(resumed).toBe(17);
    expect(response.listenerCount('drain')).toBe(0);
    expect(response.listenerCount('close')).toBeLessThanOrEqual(before);
  });
});
