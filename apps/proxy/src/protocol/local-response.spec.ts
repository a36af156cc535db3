import { describe, expect, it } from 'vitest';
import { declined, localResponse } from './local-response.js';

const sent = (id: string | number, method: string): unknown => JSON.parse(localResponse(id, method).toString());

describe('a response in the place of the client', () => {
  it('is a pong for a ping', () => {
    expect(sent('p-1', 'ping')).toEqual({ jsonrpc: '2.0', id: 'p-1', result: {} });
  });

  it.each(['sampling/createMessage', 'tasks/list', 'constructor'])('knows no method %s', (method) => {
    expect(sent(7, method)).toEqual({ jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'Method not found' } });
  });

  it('declines an elicitation', () => {
    expect(JSON.parse(declined(7).toString())).toEqual({ jsonrpc: '2.0', id: 7, result: { action: 'decline' } });
  });
});
