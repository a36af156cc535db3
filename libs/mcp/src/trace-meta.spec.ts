import { describe, expect, it } from 'vitest';
import { decodeMessage, type RpcRequest, withParam } from './json-rpc.js';
import { withTraceMeta } from './trace-meta.js';

const CONTEXT = { traceparent: '00-a-b-01', tracestate: undefined };

function decoded(json: string): RpcRequest {
  const { ok, ...rest } = decodeMessage(Buffer.from(json));
  if (!ok || !('message' in rest) || rest.message.kind !== 'request') throw new Error('no request');
  return rest.message;
}
const request = (params: string): RpcRequest => decoded(`{"jsonrpc":"2.0", "params" : ${params} ,"id":1,"method":"m"}`);
const text = (message: RpcRequest | undefined) => message?.bytes.toString('utf8') ?? '';

describe('withTraceMeta', () => {
  it.each([
    ['{"name":"ü","arguments":{"n":1e2}}', '{"_meta":{"traceparent":"00-a-b-01"},"name":"ü","arguments":{"n":1e2}}'],
    ['{ }', '{"_meta":{"traceparent":"00-a-b-01"} }'],
    ['{"name":"a", "_meta" : { } , "x":1}', '{"name":"a", "_meta" : {"traceparent":"00-a-b-01" } , "x":1}'],
    [
      '{"_meta":{"p":12345678901234567890, "tracep\\u0061rent":"x","tracestate":"y","q":{}},"name":"a"}',
      '{"_meta":{"p":12345678901234567890,"q":{},"traceparent":"00-a-b-01"},"name":"a"}',
    ],
  ])('changes the trace in %s and no other byte', (params, expected) => {
    const message = request(params);
    const traced = withTraceMeta(message, CONTEXT);
    expect(text(traced)).toBe(text(message).replace(params, expected));
    expect(traced?.params).toEqual(JSON.parse(expected));
  });

  it.each(['{"name":"old","_meta":{"a":1},"z":2}', '{"z":2,"_meta":{"a":1}, "name":"old"}', '{"name":"old"}'])(
    'knows where every member is then: %s',
    (params) => {
      const traced = withTraceMeta(request(params), { traceparent: 'new', tracestate: 's' });
      const again = traced && decoded(text(traced));
      for (const path of ['id', 'method', 'params', 'params.name', 'params._meta', 'params.z']) {
        expect(traced?.spans.get(path), path).toEqual(expectedSpan(again, path));
      }
      const renamed = JSON.parse(traced ? withParam(traced, 'name', 'a longer name').toString('utf8') : '');
      const meta = { ...JSON.parse(params)._meta, traceparent: 'new', tracestate: 's' };
      expect(renamed.params).toEqual({ ...JSON.parse(params), name: 'a longer name', _meta: meta });
    },
  );

  const given = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const next = `00-${'a'.repeat(32)}-${'c'.repeat(16)}-01`;
  it.each([
    [`{"name":"ü","_meta":{"x":1, "traceparent" : "${given}" ,"tracestate":"s"}}`, true],
    [`{"name":"ü","_meta":{"x":"${given}","traceparent":"${given}","tracestate":"s"}}`, false],
    [`{"_meta":{"x":"${given}","traceparent":"\\u0030${given.slice(1)}","tracestate":"s"}}`, false],
    [`{"_meta":{"traceparent":"${given}"}}`, false],
  ])('writes over the trace in %s: %s', (params, isOver) => {
    const message = request(params);
    const before = text(message);
    const traced = withTraceMeta(message, { traceparent: next, tracestate: 's' });
    const { _meta: meta } = JSON.parse(params);
    const expected = { ...JSON.parse(params), _meta: { ...meta, traceparent: next, tracestate: 's' } };
    expect([JSON.parse(text(traced)).params, traced?.params]).toEqual([expected, expected]);
    expect(text(message)).toBe(before);
    expect(text(traced) === before.replace(given, next)).toBe(isOver);
  });

  it.each(['{"_meta":"text"}', '{"_meta":null}', '{"_meta":[]}'])('leaves %s alone', (params) => {
    expect(withTraceMeta(request(params), CONTEXT)).toBeUndefined();
  });

  it('leaves a request without parameters alone', () => {
    expect(withTraceMeta(decoded('{"jsonrpc":"2.0","id":1,"method":"ping"}'), CONTEXT)).toBeUndefined();
  });
});

/** Without the class of the scanner's own members. */
function expectedSpan(message: RpcRequest | undefined, path: string) {
  const span = message?.spans.get(path);
  return span && { from: span.from, start: span.start, end: span.end };
}
