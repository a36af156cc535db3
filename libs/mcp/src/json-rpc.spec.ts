import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeError, encodeResult, withParam } from './json-rpc.js';

const decode = (text: string) => decodeMessage(Buffer.from(text));
const problemOf = (text: string) => {
  const decoded = decode(text);
  return decoded.ok ? undefined : decoded.problem;
};

describe('decodeMessage', () => {
  it('distinguishes requests, notifications and responses', () => {
    const kinds = [
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":"a","result":{}}',
      '{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"x"}}',
    ].map((text) => {
      const decoded = decode(text);
      return decoded.ok ? decoded.message.kind : decoded.problem;
    });
    expect(kinds).toEqual(['request', 'notification', 'response', 'response']);
  });

  it.each([
    ['', 'not_json'],
    ['{', 'not_json'],
    ['[]', 'batch'],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 'batch'],
    ['["a","a"]', 'batch'],
    ['null', 'not_a_message'],
    ['"text"', 'not_a_message'],
    ['{"id":1,"method":"ping"}', 'not_a_message'],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":1,"method":7}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":1}', 'not_a_message'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', 'not_a_message'],
  ])('refuses %s as %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it('refuses bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from([0xff]),
      Buffer.from('","method":"x"}'),
    ]);
    expect(decodeMessage(bytes)).toEqual({ ok: false, problem: 'not_json' });
  });

  it('bounds nesting before parsing', () => {
    const nested = (depth: number) =>
      `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    expect(problemOf(nested(62))).toBeUndefined();
    expect(problemOf(nested(63))).toBe('too_deep');
    expect(problemOf('['.repeat(5_000_000))).toBe('too_deep');
    expect(problemOf(`{"jsonrpc":"2.0","id":"${'['.repeat(1000)}","method":"m"}`)).toBeUndefined();
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","\\u006eame":"b"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{},"params":{"name":"b"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"é":"a","\\u00e9":"b"}}',
  ])('refuses a member given twice, which two readers may read differently: %s', (text) => {
    expect(problemOf(text)).toBe('duplicate_member');
  });

  it.each([0, 14, 15, 16, 17, 100_000])('finds one given twice among %i others', (count) => {
    const others = Array.from({ length: count }, (_, n) => `"m${n}":${n}`);
    const text = (members: string[]) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{${members.join()}}}`;
    expect(problemOf(text(['"name":"a"', ...others]))).toBeUndefined();
    expect(problemOf(text(['"name":"a"', ...others, '"name":"b"']))).toBe('duplicate_member');
  });

  it('lets members repeat where nothing is routed by them', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"name":"b"}}}';
    expect(problemOf(text)).toBeUndefined();
  });

  it('reads a name written with an escape as what it is, whatever name V8 has seen in its place before', () => {
    const text = String.raw`{"jsonrpc":"2.0","id":1,"result":{},"\u006dethod":"ping","params":{"n":1,"\u006eame":"x"}}`;
    for (let seen = 0; seen < 3; seen++) {
      JSON.parse(String.raw`{"jsonrpc":"2.0","id":1,"result":{},"\\u006d":1}`);
      JSON.parse(String.raw`{"n":1,"\\u00":1}`);
    }
    const decoded = decode(text);
    expect(decoded.ok && decoded.message).toMatchObject({
      kind: 'request',
      method: 'ping',
      params: { n: 1, name: 'x' },
    });
  });

  it('never quotes its input, whichever byte is broken', () => {
    const secret = 'CANARYqZ7rT0p9';
    const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${secret}","arguments":{"token":"${secret}"}}}`;
    let mutations = 0;
    for (let at = 0; at < text.length; at++) {
      for (const byte of ['"', '}', '\\', '\u0000', '']) {
        mutations += 1;
        const decoded = decode(text.slice(0, at) + byte + text.slice(at + 1));
        if (!decoded.ok) expect(JSON.stringify(decoded)).not.toMatch(/CANA|NARY|qZ7r|T0p9/);
      }
    }
    expect(mutations).toBeGreaterThanOrEqual(482);
  });
});

describe('withParam', () => {
  it('replaces one parameter and leaves every other byte, digits of large numbers included', () => {
    const text =
      '{ "jsonrpc":"2.0", "params": {"arguments":{"name":"x","n":12345678901234567890}, "name" : "ex\\"posed" , "_meta":{}}, "id":1,"method":"tools/call"}';
    const decoded = decode(text);
    if (!decoded.ok || decoded.message.kind !== 'request') throw new Error('not decoded');
    expect(withParam(decoded.message, 'name', 'own "name"').toString()).toBe(
      text.replace('"ex\\"posed"', '"own \\"name\\""'),
    );
  });

  it('finds the parameter when it is the last member', () => {
    const decoded = decode('{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:b"}}');
    if (!decoded.ok || decoded.message.kind !== 'request') throw new Error('not decoded');
    expect(JSON.parse(withParam(decoded.message, 'uri', 'c:d').toString()).params).toEqual({ uri: 'c:d' });
  });
});

describe('encoding', () => {
  it('writes results and errors as JSON-RPC', () => {
    expect(JSON.parse(encodeResult('a"b', '{"x":1}'))).toEqual({ jsonrpc: '2.0', id: 'a"b', result: { x: 1 } });
    expect(JSON.parse(encodeError(null, { code: 1, message: 'm' }))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: 1, message: 'm' },
    });
  });
});
