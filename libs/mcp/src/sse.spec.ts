import { describe, expect, it } from 'vitest';
import { encodeSseEvent, MAX_SSE_EVENT_BYTES, SseEventTooLarge, SseSplitter } from './sse.js';

const TEXT =
  'event: message\ndata: one\nid: 7\n\n: comment\n\ndata: two\r\ndata:lines\r\n\r\ndata: three\r\rdata: unfinished';
const EVENTS = [
  { event: 'message', data: 'one', id: '7' },
  { event: undefined, data: undefined, id: undefined },
  { event: undefined, data: 'two\nlines', id: undefined },
  { event: undefined, data: 'three', id: undefined },
];

describe('SseSplitter', () => {
  it('cuts events at every kind of line end, wherever the chunks are cut', () => {
    const bytes = Buffer.from(TEXT);
    for (let size = 1; size <= bytes.length; size++) {
      const splitter = new SseSplitter();
      const events = [];
      for (let at = 0; at < bytes.length; at += size) events.push(...splitter.push(bytes.subarray(at, at + size)));
      expect(events).toEqual(EVENTS);
    }
  });

  it('keeps characters whole that a chunk cuts', () => {
    const bytes = Buffer.from('data: grüße\n\n');
    const splitter = new SseSplitter();
    expect([...splitter.push(bytes.subarray(0, 9)), ...splitter.push(bytes.subarray(9))]).toMatchObject([
      { data: 'grüße' },
    ]);
  });

  it('takes a byte order mark off the start of a stream, wherever a chunk cuts it, and nowhere else', () => {
    const bytes = Buffer.from('\ufeffdata: one\n\n\ufeffdata: two\n\ndata: \ufeffthree\n\n');
    for (let size = 1; size <= bytes.length; size++) {
      const splitter = new SseSplitter();
      const data = [];
      for (let at = 0; at < bytes.length; at += size) {
        data.push(...splitter.push(bytes.subarray(at, at + size)).map((event) => event.data));
      }
      expect(data).toEqual(['one', undefined, '\ufeffthree']);
    }
  });

  it('reports an id and a time without data', () => {
    const events = new SseSplitter().push(Buffer.from('id: 7\n\nid\n\nretry: 500\n\nid: a\0b\nretry: soon\n\n'));
    expect(events).toMatchObject([
      { data: undefined, id: '7' },
      { data: undefined, id: '' },
      { data: undefined, retryMs: 500 },
      { data: undefined, id: undefined, retryMs: undefined },
    ]);
  });

  it('ends an event with its empty line, also when no byte follows', () => {
    for (const end of ['\n\n', '\r\r', '\r\n\r\n', '\n\r']) {
      const splitter = new SseSplitter();
      expect(splitter.push(Buffer.from(`data: one${end}`))).toMatchObject([{ data: 'one' }]);
      expect(splitter.push(Buffer.from(`\ndata: two${end}`))).toMatchObject([{ data: 'two' }]);
    }
  });

  it('gives up on an event that never ends', () => {
    const splitter = new SseSplitter();
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    expect(() => {
      for (let n = 0; n <= MAX_SSE_EVENT_BYTES / chunk.length; n++) splitter.push(chunk);
    }).toThrow(SseEventTooLarge);
  });

  it('takes an event that is as long as allowed, and none that is longer, whatever the chunks and characters', () => {
    const event = (bytes: number) => Buffer.from(`data: ${'é'.repeat(500)}${'x'.repeat(bytes - 1006)}`);
    const read = (bytes: number, size: number): number => {
      const splitter = new SseSplitter();
      const stream = Buffer.concat([Buffer.from('data: a\n\n'), event(bytes), Buffer.from('\n\ndata: b\n\n')]);
      let count = 0;
      for (let at = 0; at < stream.length; at += size) count += splitter.push(stream.subarray(at, at + size)).length;
      return count;
    };
    for (const size of [65_536, 1_000_003, 2 * MAX_SSE_EVENT_BYTES]) {
      expect(read(MAX_SSE_EVENT_BYTES - 16, size)).toBe(3);
      expect(() => read(MAX_SSE_EVENT_BYTES + 16, size)).toThrow(SseEventTooLarge);
    }
  });
});

describe('encodeSseEvent', () => {
  it('is read back as it was', () => {
    const events = new SseSplitter().push(Buffer.from(encodeSseEvent('{"a":\n1}')));
    expect(events).toMatchObject([{ event: 'message', data: '{"a":\n1}' }]);
  });
});
