import { describe, expect, it } from 'vitest';
import { DialRule } from './dial-rule.js';

const rule = (hostname: string, ...allowed: string[]) => new DialRule({ allowed }, { hostname, port: 443 });

describe('where a connection may go', () => {
  it('judges a literal address before it is dialled, and a name by its addresses', () => {
    expect(rule('8.8.8.8').allowsHost).toBe(true);
    expect(rule('10.0.0.1').allowsHost).toBe(false);
    expect(rule('[::1]').allowsHost).toBe(false);
    expect(rule('[::1]', '::1').allowsHost).toBe(true);
    expect(rule('mcp.example.com').allowsHost).toBe(true);
  });

  it('is nowhere for a name with one forbidden address, or with none at all', () => {
    expect(rule('mcp.example.com').allowsAll(['8.8.8.8', '2606:4700::1111'])).toBe(true);
    expect(rule('mcp.example.com').allowsAll(['8.8.8.8', '127.0.0.1'])).toBe(false);
    expect(rule('mcp.example.com').allowsAll([])).toBe(false);
  });

  it('is what the operator lists by name', () => {
    expect(rule('inner.example', 'inner.example').allowsAll(['10.0.0.1', '8.8.8.8'])).toBe(true);
    expect(rule('inner.example', 'inner.example').allows('169.254.169.254')).toBe(false);
  });
});
