import { describe, expect, it } from 'vitest';
import { type Questions, UpstreamVoice } from './message-rewriter.js';

const QUESTIONS: Questions = {
  asker: undefined,
  mayAsk: (method) => method !== 'roots/list',
  sealRequest: (own) => `sealed-${JSON.stringify(own)}`,
  sealProgress: (own) => `progress-${JSON.stringify(own)}`,
};
const voice = () => new UpstreamVoice(QUESTIONS);

describe('UpstreamVoice', () => {
  it('gives a question a sealed id and leaves every other byte', () => {
    const said = '{ "jsonrpc":"2.0", "params": {"n": 1.00, "big": 12345678901234567890}, "id": 7, "method":"x/ask" }';
    expect(voice().hear(said)).toEqual({ kind: 'told', data: said.replace('7,', '"sealed-7",') });
  });

  it('seals the progress token of a question, wherever it stands', () => {
    const said = '{"params":{"_meta":{"a":1,"progressToken":"t"},"progressToken":2},"method":"x/ask","id":"i"}';
    expect(voice().hear(said)).toEqual({
      kind: 'told',
      data: '{"params":{"_meta":{"a":1,"progressToken":"progress-\\"t\\""},"progressToken":2},"method":"x/ask","id":"sealed-\\"i\\""}',
    });
  });

  it('says in front of what a person is asked who asks, and nowhere else', () => {
    const heard = new UpstreamVoice({ ...QUESTIONS, asker: 'GitHub' });
    const said = (method: string, message: string) =>
      `{"id":1,"method":"${method}","params":{"message":"${message}","n":1.0}}`;
    const told = (data: string) => ({ kind: 'told', data: data.replace('"id":1', '"id":"sealed-1"') });
    expect(heard.hear(said('elicitation/create', 'Sure?'))).toEqual(told(said('elicitation/create', '[GitHub] Sure?')));
    expect(heard.hear(said('x/ask', 'Sure?'))).toEqual(told(said('x/ask', 'Sure?')));
    expect(voice().hear(said('elicitation/create', 'Sure?'))).toEqual(told(said('elicitation/create', 'Sure?')));
  });

  it('does not let the upstream ask what was not offered', () => {
    expect(voice().hear('{"id":3,"method":"roots/list"}')).toEqual({ kind: 'refused', id: 3 });
  });

  it('leaves notifications as they are, but for the withdrawal of a question that was heard here', () => {
    const heard = voice();
    const withdrawal = '{"method":"notifications/cancelled","params":{"requestId":7}}';
    const told = (data: string) => ({ kind: 'told', data });
    expect(heard.hear(withdrawal)).toEqual(told(withdrawal));
    heard.hear('{"id":7,"method":"x/ask"}');
    expect(heard.hear(withdrawal)).toEqual(told(withdrawal.replace('7', '"sealed-7"')));
    const progress = '{"method":"notifications/progress","params":{"progressToken":7,"progress":1}}';
    expect(heard.hear(progress)).toEqual(told(progress));
  });

  it('knows an answer by its id', () => {
    expect(voice().hear('{"id":3,"result":{}}')).toEqual({ kind: 'answer', id: 3 });
  });

  it.each(['', 'x', '[]', '{}', '{"id":null,"method":"x"}', '{"id":1,"id":2,"method":"x"}'])(
    'hears nothing in %j',
    (said) => {
      expect(voice().hear(said)).toBeUndefined();
    },
  );
});
