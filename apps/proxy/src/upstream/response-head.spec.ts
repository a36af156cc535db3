import { describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { assertEventStream, assertGetStream, bodyKind, reconnectDecision } from './response-head.js';

const credentials = credentialsFor();
const EVENTS = 'Text/Event-Stream; charset=utf-8';

describe('the head of a response', () => {
  it.each([
    [200, 'application/json', 'json'],
    [200, 'Application/JSON;charset=utf-8', 'json'],
    [200, 'text/event-stream', 'event-stream'],
    [200, EVENTS, 'event-stream'],
    [201, 'application/json', 'json'],
    [202, 'application/json', 'error'],
    [400, 'application/json', 'error'],
    [500, 'text/html', 'error'],
  ] as const)('with %i and %s announces %s', (status, type, kind) => {
    expect(bodyKind(credentials, status, { 'content-type': type })).toBe(kind);
  });

  it.each([
    [200, { 'content-type': 'text/html' }, { why: 'content_type', httpStatus: 200 }],
    [200, {}, { why: 'content_type', httpStatus: 200 }],
    [302, { 'content-type': 'application/json' }, { httpStatus: 302 }],
    [401, { 'content-type': 'application/json' }, { httpStatus: 401 }],
  ] as const)('with %i and %j is refused', (status, headers, detail) => {
    expect(() => bodyKind(credentials, status, headers)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining(detail) as object }),
    );
  });

  it('opens a stream of events only with a status of success, and a media type if it was posted', () => {
    expect(() => assertEventStream(credentials, 200, { 'content-type': EVENTS })).not.toThrow();
    const refused = [
      [200, { 'content-type': 'application/json' }, 'content_type'],
      [200, {}, 'content_type'],
      [405, { 'content-type': EVENTS }, 'http_status'],
    ] as const;
    for (const [status, headers, why] of refused) {
      expect(() => assertEventStream(credentials, status, headers)).toThrow(
        expect.objectContaining({ detail: expect.objectContaining({ why }) as object }),
      );
    }
    expect(() => assertGetStream(credentials, 200, {})).not.toThrow();
    expect(() => assertGetStream(credentials, 200, { 'content-type': 'text/html' })).toThrow();
  });
});

describe('the response to a GET', () => {
  it.each([
    [200, EVENTS, true, 'open'],
    [200, 'application/json', true, 'refused'],
    [404, 'text/plain', true, 'lost'],
    [404, 'text/plain', false, 'refused'],
    [405, 'text/plain', true, 'refused'],
    [401, 'text/plain', true, 'refused'],
    [302, 'text/plain', true, 'refused'],
    [409, 'application/json', true, 'later'],
    [503, 'text/html', true, 'later'],
  ] as const)('with %i and %s (in a session: %s) means %s', (status, type, hasSession, decision) => {
    expect(reconnectDecision(status, { 'content-type': type }, hasSession)).toBe(decision);
  });

  it('is a stream without a media type, if it has a body', () => {
    expect(reconnectDecision(200, {}, true)).toBe('open');
    expect(reconnectDecision(200, { 'content-length': '0' }, true)).toBe('refused');
  });
});
