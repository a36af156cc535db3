import { describe, expect, it } from 'vitest';
import { filters } from '@test/support/proxy/notification-filters.js';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { type ServerRequestPolicy, ServerMessageRewriter } from './message-rewriter.js';
import { Elicitations } from './elicitations.js';

const QUESTIONS: ServerRequestPolicy = {
  elicitations: Elicitations.of(credentialsFor('https://mcp.example.com').access),
  isAllowed: (method) => method !== 'roots/list',
  sealRequest: (own) => `sealed-${JSON.stringify(own)}`,
  sealProgress: (own) => `progress-${JSON.stringify(own)}`,
};
/** Of a call with the progress token 7. */
const rewriter = () => {
  const { access } = credentialsFor();
  return new ServerMessageRewriter(
    QUESTIONS,
    filters().ofResumedCall(access, 7, () => undefined),
  );
};
const forwarded = (data: string) => ({ kind: 'forwarded', data });

describe('ServerMessageRewriter', () => {
  it('gives a question a sealed id and leaves every other byte', () => {
    const said = '{ "jsonrpc":"2.0", "params": {"n": 1.00, "big": 12345678901234567890}, "id": 7, "method":"x/ask" }';
    expect(rewriter().rewrite(said)).toEqual({ kind: 'forwarded', data: said.replace('7,', '"sealed-7",') });
  });

  it('seals the progress token of a question, wherever it stands', () => {
    const said = '{"params":{"_meta":{"a":1,"progressToken":"t"},"progressToken":2},"method":"x/ask","id":"i"}';
    expect(rewriter().rewrite(said)).toEqual({
      kind: 'forwarded',
      data: '{"params":{"_meta":{"a":1,"progressToken":"progress-\\"t\\""},"progressToken":2},"method":"x/ask","id":"sealed-\\"i\\""}',
    });
  });

  it('makes safe what a person reads, and nothing else', () => {
    const said = (method: string, message: string) =>
      `{"id":1,"method":"${method}","params":{"message":"${message}","n":1.0}}`;
    const sealed = (data: string) => forwarded(data.replace('"id":1', '"id":"sealed-1"'));
    expect(rewriter().rewrite(said('elicitation/create', '[Bank] Sure?'))).toEqual(
      sealed(said('elicitation/create', '(Bank) Sure?')),
    );
    expect(rewriter().rewrite(said('x/ask', '[Bank] Sure?'))).toEqual(sealed(said('x/ask', '[Bank] Sure?')));
  });

  it('declines an elicitation of a URL that nobody should open', () => {
    const said = (url: string) => `{"id":3,"method":"elicitation/create","params":{"mode":"url","url":"${url}"}}`;
    const refused = rewriter().rewrite(said('javascript:alert(1)'));
    const answer = refused?.kind === 'refused' ? JSON.parse(refused.answer.toString()) : undefined;
    expect(answer).toEqual({ jsonrpc: '2.0', id: 3, result: { action: 'decline' } });
    expect(rewriter().rewrite(said('https://a.example/'))).toMatchObject({ kind: 'forwarded' });
  });

  it('does not let the upstream ask what was not offered', () => {
    const refused = rewriter().rewrite('{"id":3,"method":"roots/list"}');
    const answer = refused?.kind === 'refused' ? JSON.parse(refused.answer.toString()) : undefined;
    expect(answer).toMatchObject({ id: 3, error: { code: -32601 } });
  });

  it('forwards the withdrawal of a question that was heard here, once, and no other', () => {
    const message = rewriter();
    const withdrawal = '{"method":"notifications/cancelled","params":{"requestId":7}}';
    expect(message.rewrite(withdrawal)).toBeUndefined();
    message.rewrite('{"id":7,"method":"x/ask"}');
    expect(message.rewrite(withdrawal)).toEqual(forwarded(withdrawal.replace('7', '"sealed-7"')));
    expect(message.rewrite(withdrawal)).toBeUndefined();
  });

  it('forwards the notifications that are the upstream’s own, byte for byte', () => {
    const progress = (token: string) =>
      `{"method":"notifications/progress", "params":{"progressToken":${token},"progress":1.0}}`;
    for (const token of ['7', '"7"']) expect(rewriter().rewrite(progress(token))).toEqual(forwarded(progress(token)));
    for (const token of ['8', '"07"', 'null', '[7]', '7,"progressToken":8']) {
      expect(rewriter().rewrite(progress(token))).toBeUndefined();
    }
    for (const method of ['x', 'notifications/tasks/status', 'notifications/initialized', 'constructor']) {
      expect(rewriter().rewrite(`{"method":"${method}"}`)).toBeUndefined();
    }
  });

  it('knows an answer by its id', () => {
    expect(rewriter().rewrite('{"id":3,"result":{}}')).toEqual({ kind: 'response', id: 3 });
  });

  it.each(['', 'x', '[]', '{}', '{"id":null,"method":"x"}', '{"id":1,"id":2,"method":"x"}'])(
    'hears nothing in %j',
    (said) => {
      expect(rewriter().rewrite(said)).toBeUndefined();
    },
  );
});
