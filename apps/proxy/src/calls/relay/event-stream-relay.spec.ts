import { SseEventTooLarge } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import { RepeatedCredential } from '../../upstream/kept-guard.js';
import { EventStreamRelay } from './event-stream-relay.js';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { filters } from '@test/support/proxy/notification-filters.js';
import { noServerRequests } from '../../server-requests/server-request-policy.js';

function relay({ version = '2025-11-25', resumptionPoint = (id: string): string | undefined => `resume-${id}` } = {}) {
  const written: string[] = [];
  const sink = { write: (text: string) => (written.push(text), true), end: () => void written.push('END') };
  const rules = {
    policy: noServerRequests(credentialsFor().access),
    resumptionPoint,
    notifications: (emit: (json: string) => void) => filters().ofResumedCall(credentialsFor().access, 't', emit),
    answer: () => undefined,
    onUnanswered: (why: string) => `"${why}"`,
  };
  const stream = new EventStreamRelay(sink as unknown as ResponseWriter, 1, version, rules);
  return { written, stream, receive: (text: string) => stream.data(Buffer.from(text)) };
}

describe('EventStreamRelay', () => {
  it('forwards a priming event and its retry delay, with a sealed event id', () => {
    const { written, receive, stream } = relay();
    receive('id: e\nretry: 250\ndata: \n\n');
    expect(written).toEqual(['id: resume-e\nretry: 250\ndata: \n\n']);
    expect(stream.isResumable).toBe(true);
  });

  it('sends older clients no event without data, and no comments: the stream has its own', () => {
    const { written, receive, stream } = relay({ version: '2025-06-18' });
    receive('id: e\ndata: \n\n:\n\n: ping\n\n');
    expect(written).toEqual([]);
    expect(stream.isResumable).toBe(false);
  });

  it('ends without an error when the client can resume the stream', () => {
    const { written, receive, stream } = relay();
    receive('id: e\ndata: {"method":"notifications/message","params":{"data":1}}\n\n');
    stream.finish();
    expect(written).toEqual([
      'event: message\nid: resume-e\ndata: {"method":"notifications/message","params":{"data":1}}\n\n',
      'END',
    ]);
  });

  it('ends with an error when the client cannot resume the stream', () => {
    const { written, receive, stream } = relay({ resumptionPoint: () => undefined });
    receive('id: e\ndata: {"method":"notifications/message","params":{"data":1}}\n\n');
    stream.finish();
    expect(written.slice(-2)).toEqual(['event: message\ndata: "closed_early"\n\n', 'END']);
  });

  it.each([
    ['too_long', new SseEventTooLarge('too long')],
    ['repeats_credential', new RepeatedCredential('it has it')],
  ])(
    'ends with an error after an event that no client may get (%s), because the upstream would send it again',
    (why, error) => {
      const { written, receive, stream } = relay();
      receive('id: e\ndata: {"method":"notifications/message","params":{"data":1}}\n\n');
      stream.finish(error);
      expect(written.slice(-2)).toEqual([`event: message\ndata: "${why}"\n\n`, 'END']);
    },
  );

  it('forwards the response once, and no other response', () => {
    const { written, receive, stream } = relay();
    receive('data: {"id":2,"result":1}\n\ndata: {"id":1,"result":1}\n\ndata: {"id":1,"result":2}\n\n');
    stream.finish();
    expect(written).toEqual(['event: message\ndata: {"id":1,"result":1}\n\n', 'END']);
  });
});
