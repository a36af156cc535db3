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

  it('gives up on an event that never ends', () => {
    const splitter = new SseSplitter();
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    expect(() => {
      for (let n = 0; n <= MAX_SSE_EVENT_BYTES / chunk.length; n++) splitter.push(chunk);
    }).toThrow(SseEventTooLarge);
  });
});

describe('encodeSseEvent', () => {
  it('is read back as it was', () => {
    const events = new SseSplitter().push(Buffer.from(encodeSseEvent('{"a":\n1}')));
    expect(events).toMatchObject([{ event: 'message', data: '{"a":\n1}' }]);
  });
});
