import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.js';

/** Codes of JSON-RPC 2.0 and MCP, which several failures may share: the standard knows no finer ones. */
const STANDARD = new Set([-32700, -32600, -32601, -32602, -32603, -32020, -32022]);

describe('the table of failures', () => {
  const codes = Object.values(ERRORS).map(({ rpc }): number => rpc);
  const own = codes.filter((code) => !STANDARD.has(code));

  it('gives each JSON-RPC code of its own once', () => {
    expect(own.filter((code, at) => own.indexOf(code) !== at)).toEqual([]);
  });

  it('keeps its own codes out of the reserved range', () => {
    expect(own.filter((code) => code >= -32768 && code <= -32000)).toEqual([]);
  });

  it('has no text or number in which a client that searches for an HTTP status would find one', () => {
    const shown = Object.values(ERRORS).map(({ rpc, message }) => `${rpc} ${message}`);
    expect(shown.filter((text) => /[45]\d\d/.test(text))).toEqual([]);
  });
});
