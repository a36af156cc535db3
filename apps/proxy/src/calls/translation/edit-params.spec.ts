import { decodeMessage, ObjectText, type RpcRequest, withTraceMeta } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { editMeta, editRequest } from './edit-params.js';

function decoded(text: string): RpcRequest {
  const result = decodeMessage(Buffer.from(text));
  if (!result.ok || result.message.kind !== 'request') throw new Error('no request');
  return result.message;
}

const request = (params: string) => `{"jsonrpc":"2.0","id":1.0,"method":"tools/call"${params}}`;
const edited = (
  params: string,
  ...edits: [params: Record<string, undefined>, meta: Record<string, string | undefined>]
) => {
  const message = decoded(request(params));
  return editRequest(message, message.bytes, ...edits).toString();
};

describe('editRequest', () => {
  it('edits params and _meta and leaves the rest unchanged', () => {
    const params = ',"params":{"arguments":{"n":1e2},"task":{},"_meta":{"a":1,"b":2}}';
    const expected = request(',"params":{"arguments":{"n":1e2},"_meta":{"b":2,"c":3}}');
    expect(edited(params, { task: undefined }, { a: undefined, c: '3' })).toBe(expected);
  });

  it('adds missing params, and removes an empty _meta', () => {
    expect(edited('', {}, { a: '1' })).toBe(request(',"params":{"_meta":{"a":1}}'));
    expect(editMeta(new ObjectText('{"_meta":{"a":1}}'), { a: undefined })).toBeUndefined();
  });

  it.each([
    ['{}', '{"_meta":{"a":1}}'],
    ['{ }', '{ "_meta":{"a":1}}'],
    ['{"n":12345678901234567890, "é" : "}" }', '{"n":12345678901234567890, "é" : "}" ,"_meta":{"a":1}}'],
  ])('adds a whole _meta to the params %s, which are otherwise unchanged', (given, expected) => {
    expect(edited(`,"params":${given}`, { task: undefined }, { a: '1', b: undefined })).toBe(
      request(`,"params":${expected}`),
    );
  });

  it.each([
    ['{"_meta":{"a":1}}', '{}'],
    ['{ "_meta" : {"a":1} , "n":1e2}', '{  "n":1e2}'],
    ['{"n":1e2 , "_meta":{} }', '{"n":1e2  }'],
    ['{"m":"_meta","_meta":{"b":{"c":[1,"}"]}},"n":1e2}', '{"m":"_meta","n":1e2}'],
    ['{"é":1,"\\u005fmeta":{"a":1},"n":1e2}', '{"é":1,"n":1e2}'],
  ])('removes a whole _meta from the params %s', (given, expected) => {
    expect(edited(`,"params":${given}`, { state: undefined }, { a: undefined, b: undefined })).toBe(
      request(`,"params":${expected}`),
    );
  });

  it.each([
    ['{"_meta":{"a":1,"mine":2}}', '{"_meta":{"mine":2}}'],
    ['{"_meta":null}', '{}'],
    ['{"state":1,"_meta":{"a":1}}', '{}'],
    ['{"state":1}', '{}'],
  ])('also edits more than a whole _meta: %s', (given, expected) => {
    expect(edited(`,"params":${given}`, { state: undefined }, { a: undefined })).toBe(request(`,"params":${expected}`));
  });

  it.each([
    ['{"_meta":{"a":1,"é":"}"},"n":1e2}', '{"_meta":{"é":"}","c":3},"n":1e2}'],
    ['{"n":1e2 , "_meta" : {"a":{}}}', '{"n":1e2 , "_meta" : {"c":3}}'],
    ['{"_meta":{}}', '{"_meta":{"c":3}}'],
  ])('edits members of _meta where it stands: %s', (given, expected) => {
    expect(edited(`,"params":${given}`, {}, { a: undefined, c: '3' })).toBe(request(`,"params":${expected}`));
  });

  it.each([
    ['{"n":1e2}', '{"_meta":{"traceparent":"T"},"n":1e2}'],
    ['{"_meta":{"a":1},"n":1e2}', '{"_meta":{"traceparent":"T"},"n":1e2}'],
    ['{"n":1e2,"_meta":{"a":1,"mine":2}}', '{"n":1e2,"_meta":{"traceparent":"T","mine":2}}'],
  ])('edits a request that has got a trace: %s', (given, expected) => {
    const message = withTraceMeta(decoded(request(`,"params":${given}`)), { traceparent: 'T', tracestate: undefined });
    const result = message && editRequest(message, message.bytes, {}, { a: undefined });
    expect(result?.toString()).toBe(request(`,"params":${expected}`));
  });

  it('edits the bytes for the gateway, in which the name was replaced', () => {
    const message = decoded(request(',"params":{"name":"exposed"}'));
    const body = Buffer.from(request(',"params":{"name":"own"}'));
    expect(editRequest(message, body, {}, { a: '1' }).toString()).toBe(
      request(',"params":{"name":"own","_meta":{"a":1}}'),
    );
  });
});
