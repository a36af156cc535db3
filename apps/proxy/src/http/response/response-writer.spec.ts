import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KEEP_ALIVE_MS, ResponseWriter } from './response-writer.js';

class Response extends EventEmitter {
  written: string[] = [];
  headersSent = false;
  writableFinished = false;
  writableEnded = false;
  writableNeedDrain = false;
  writeHead = () => ((this.headersSent = true), this);
  write = (text: string) => (this.written.push(text), !this.writableNeedDrain);
}

function sink() {
  const response = new Response();
  return { response, writer: new ResponseWriter(response as unknown as ServerResponse) };
}

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
