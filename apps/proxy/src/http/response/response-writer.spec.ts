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
  flushHeaders = () => undefined;
  write = (text: string) => (this.written.push(text), !this.writableNeedDrain);
}

function sink() {
  const response = new Response();
  return { response, writer: new ResponseWriter(response as unknown as ServerResponse) };
}

describe('ResponseWriter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps a quiet stream open on its way, until it ends', () => {
    const { response, writer } = sink();
    writer.beginStream(200, {});
    vi.advanceTimersByTime(2 * KEEP_ALIVE_MS);
    expect(response.written).toEqual([':\n\n', ':\n\n']);
    response.emit('close');
    vi.advanceTimersByTime(5 * KEEP_ALIVE_MS);
    expect(response.written).toHaveLength(2);
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
