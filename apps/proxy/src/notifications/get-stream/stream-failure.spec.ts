import { describe, expect, it } from 'vitest';
import { reconnectDecision } from './stream-failure.js';

describe('streamVerdict', () => {
  it.each([
    [200, 'text/event-stream; charset=utf-8', true, 'open'],
    [200, 'application/json', true, 'refused'],
    [404, 'text/plain', true, 'lost'],
    [404, 'text/plain', false, 'refused'],
    [405, 'text/plain', true, 'refused'],
    [401, 'text/plain', true, 'refused'],
    [302, 'text/plain', true, 'refused'],
    [409, 'application/json', true, 'later'],
    [503, 'text/html', true, 'later'],
  ] as const)('takes %i %s (in a session: %s) as %s', (status, type, hasSession, verdict) => {
    expect(reconnectDecision(status, { 'content-type': type }, hasSession)).toBe(verdict);
  });

  it('reads no compressed stream', () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    expect(reconnectDecision(200, headers, true)).toBe('refused');
  });
});
