import { describe, expect, it } from 'vitest';
import { type ServerRequestPolicy, ServerMessageRewriter } from './message-rewriter.js';

const QUESTIONS: ServerRequestPolicy = {
  source: undefined,
  isAllowed: (method) => method !== 'roots/list',
  sealRequest: (own) => `sealed-${JSON.stringify(own)}`,
  sealProgress: (own) => `progress-${JSON.stringify(own)}`,
};
const rewriter = () => new ServerMessageRewriter(QUESTIONS);

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

  it('says in front of what a person is asked who asks, and nowhere else', () => {
    const message = new ServerMessageRewriter({ ...QUESTIONS, source: 'GitHub' });
    const said = (method: string, message: string) =>
      `{"id":1,"method":"${method}","params":{"message":"${message}","n":1.0}}`;
    const forwarded = (data: string) => ({ kind: 'forwarded', data: data.replace('"id":1', '"id":"sealed-1"') });
    expect(message.rewrite(said('elicitation/create', 'Sure?'))).toEqual(
      forwarded(said('elicitation/create', '[GitHub] Sure?')),
    );
    expect(message.rewrite(said('x/ask', 'Sure?'))).toEqual(forwarded(said('x/ask', 'Sure?')));
    expect(rewriter().rewrite(said('elicitation/create', 'Sure?'))).toEqual(
      forwarded(said('elicitation/create', 'Sure?')),
    );
  });

  it('does not let the upstream ask what was not offered', () => {
    expect(rewriter().rewrite('{"id":3,"method":"roots/list"}')).toEqual({
      kind: 'refused',
      id: 3,
      method: 'roots/list',
    });
  });

  it('leaves notifications as they are, but for the withdrawal of a question that was heard here', () => {
    const message = rewriter();
    const withdrawal = '{"method":"notifications/cancelled","params":{"requestId":7}}';
    const forwarded = (data: string) => ({ kind: 'forwarded', data });
    expect(message.rewrite(withdrawal)).toEqual(forwarded(withdrawal));
    message.rewrite('{"id":7,"method":"x/ask"}');
    expect(message.rewrite(withdrawal)).toEqual(forwarded(withdrawal.replace('7', '"sealed-7"')));
    const progress = '{"method":"notifications/progress","params":{"progressToken":7,"progress":1}}';
    expect(message.rewrite(progress)).toEqual(forwarded(progress));
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
