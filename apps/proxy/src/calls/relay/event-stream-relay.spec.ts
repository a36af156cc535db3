import { SseEventTooLarge } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import type { ResponseWriter } from '../../http/response-writer.js';
import { EventStreamRelay } from './event-stream-relay.js';
import { NO_SERVER_REQUESTS } from '../../server-requests/server-request-policy.js';

function relay({ version = '2025-11-25', resumptionPoint = (id: string): string | undefined => `place-${id}` } = {}) {
  const written: string[] = [];
  const sink = { write: (text: string) => (written.push(text), true), end: () => void written.push('END') };
  const rules = {
    policy: NO_SERVER_REQUESTS,
    resumptionPoint,
    refuse: () => undefined,
    onUnanswered: (why: string) => `"${why}"`,
  };
  const stream = new EventStreamRelay(sink as unknown as ResponseWriter, 1, version, rules);
  return { written, stream, say: (text: string) => stream.data(Buffer.from(text)) };
}

describe('EventRelay', () => {
  it('keeps a priming event and how long to wait, under a sealed place', () => {
    const { written, say, stream } = relay();
    say('id: e\nretry: 250\ndata: \n\n');
    expect(written).toEqual(['id: place-e\nretry: 250\ndata: \n\n']);
    expect(stream.isResumable).toBe(true);
  });

  it('spares older clients an event without data', () => {
    const { written, say, stream } = relay({ version: '2025-06-18' });
    say('id: e\ndata: \n\n');
    expect(written).toEqual([':\n\n']);
    expect(stream.isResumable).toBe(false);
  });

  it('ends without an error when the client can take the stream up again', () => {
    const { written, say, stream } = relay();
    say('id: e\ndata: {"method":"n"}\n\n');
    stream.finish();
    expect(written).toEqual(['event: message\nid: place-e\ndata: {"method":"n"}\n\n', 'END']);
  });

  it('ends with an error when it can not', () => {
    const { written, say, stream } = relay({ resumptionPoint: () => undefined });
    say('id: e\ndata: {"method":"n"}\n\n');
    stream.finish();
    expect(written.slice(-2)).toEqual(['event: message\ndata: "closed_early"\n\n', 'END']);
  });

  it('ends with an error after an event that is too long, which would come again', () => {
    const { written, say, stream } = relay();
    say('id: e\ndata: {"method":"n"}\n\n');
    stream.finish(new SseEventTooLarge('too long'));
    expect(written.slice(-2)).toEqual(['event: message\ndata: "too_long"\n\n', 'END']);
  });

  it('gives the answer once, and no other answer', () => {
    const { written, say, stream } = relay();
    say('data: {"id":2,"result":1}\n\ndata: {"id":1,"result":1}\n\ndata: {"id":1,"result":2}\n\n');
    stream.finish();
    expect(written).toEqual(['event: message\ndata: {"id":1,"result":1}\n\n', 'END']);
  });
});
