import { describe, expect, it } from 'vitest';
import { decodeMessage, type RpcRequest } from './json-rpc.js';
import {
  paramHeaderMismatch,
  decodeHeaderValue,
  encodeHeaderValue,
  readParamHeaders,
  standardHeaderMismatch,
} from './repeated-headers.js';

function call(name: string): RpcRequest {
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
  const decoded = decodeMessage(Buffer.from(text));
  if (!decoded.ok || decoded.message.kind !== 'request') throw new Error('not a request');
  return decoded.message;
}
const headers = (given: Record<string, string>) => (name: string) => given[name];
const version = { 'mcp-protocol-version': '2026-07-28' };

describe('mirrorProblem', () => {
  it('passes when version, method and name repeat the body', () => {
    const plain = { ...version, 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
    expect(standardHeaderMismatch(call('echo'), headers(plain))).toBeUndefined();
    const encoded = { ...plain, 'mcp-name': encodeHeaderValue('grüße') };
    expect(standardHeaderMismatch(call('grüße'), headers(encoded))).toBeUndefined();
  });

  it.each([
    [{}, 'MCP-Protocol-Version', 'missing'],
    [version, 'Mcp-Method', 'missing'],
    [{ ...version, 'mcp-method': 'tools/list' }, 'Mcp-Method', 'mismatch'],
    [{ ...version, 'mcp-method': 'tools/call' }, 'Mcp-Name', 'missing'],
    [{ ...version, 'mcp-method': 'tools/call', 'mcp-name': 'other' }, 'Mcp-Name', 'mismatch'],
    [{ ...version, 'mcp-method': 'tools/call', 'mcp-name': '=?base64?!!?=' }, 'Mcp-Name', 'encoding'],
  ])('refuses %j: %s %s', (given, header, rule) => {
    expect(standardHeaderMismatch(call('echo'), headers(given))).toEqual({ header, rule });
  });
});

describe('the =?base64?…?= form', () => {
  it.each(['echo', 'with space', ' edges ', 'grüße', '=?base64?eA==?=', ''])('carries %j', (text) => {
    expect(encodeHeaderValue(text)).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
    expect(decodeHeaderValue(encodeHeaderValue(text))).toBe(text);
  });

  it.each(['=?base64?e?=', '=?base64?eA?=', '=?base64?/w==?='])('refuses %s', (value) => {
    expect(decodeHeaderValue(value)).toBeUndefined();
  });
});

describe('mirrored arguments', () => {
  const schema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      nested: { type: 'object', properties: { size: { type: 'integer', 'x-mcp-header': 'Size' } } },
      bad: { type: 'string', 'x-mcp-header': 'not a token' },
    },
  };
  const mirrored = readParamHeaders(schema);

  it('are found at any depth of properties', () => {
    expect(mirrored.map(({ header }) => header)).toEqual(['Mcp-Param-Region', 'Mcp-Param-Size']);
  });

  it('must be repeated when they are given, and only then', () => {
    const good = headers({ 'mcp-param-region': 'eu', 'mcp-param-size': '42.0' });
    expect(paramHeaderMismatch(mirrored, { region: 'eu', nested: { size: 42 } }, good)).toBeUndefined();
    expect(paramHeaderMismatch(mirrored, { region: null }, headers({}))).toBeUndefined();
    expect(paramHeaderMismatch(mirrored, { region: 'eu' }, headers({}))).toMatchObject({ rule: 'missing' });
    expect(paramHeaderMismatch(mirrored, { nested: { size: 41 } }, good)).toMatchObject({ rule: 'mismatch' });
  });
});
