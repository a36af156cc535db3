import { describe, expect, it } from 'vitest';
import { eraOf, META, negotiateLegacyVersion } from './eras.js';
import { decodeMessage, type RpcMessage } from './json-rpc.js';

function message(method: string, meta?: object, more: object = {}): RpcMessage {
  const params = { ...more, ...(meta && { _meta: meta }) };
  const id = method.startsWith('notifications/') ? {} : { id: 1 };
  const decoded = decodeMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...id, method, params })));
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.message;
}
const envelope = (version: unknown = '2026-07-28') => ({
  [META.protocolVersion]: version,
  [META.clientCapabilities]: {},
});

describe('eraOf', () => {
  it('goes by the body, not by the header', () => {
    expect(eraOf(message('tools/list', envelope()), undefined)).toEqual({ era: 'modern', version: '2026-07-28' });
    expect(eraOf(message('tools/list'), '2025-06-18')).toEqual({ era: 'legacy', version: '2025-06-18' });
    expect(eraOf(message('tools/list'), undefined)).toEqual({ era: 'legacy', version: '2025-03-26' });
  });

  it('takes initialize as legacy unless its envelope is modern', () => {
    const more = { protocolVersion: '2025-06-18' };
    expect(eraOf(message('initialize', undefined, more), undefined)).toEqual({ era: 'legacy', version: '2025-06-18' });
    expect(eraOf(message('initialize', envelope(), more), '2026-07-28')).toMatchObject({ era: 'modern' });
    expect(eraOf(message('initialize', undefined, more), '2026-07-28')).toMatchObject({ problem: 'header_mismatch' });
  });

  it('refuses a header that contradicts the body', () => {
    expect(eraOf(message('tools/list', envelope()), '2025-11-25')).toMatchObject({ problem: 'header_mismatch' });
  });

  it('refuses a modern header without an envelope, and an envelope without its members', () => {
    expect(eraOf(message('tools/list'), '2026-07-28')).toEqual({ problem: 'envelope_invalid', member: '_meta' });
    const bare = { [META.protocolVersion]: '2026-07-28' };
    expect(eraOf(message('tools/list', bare), '2026-07-28')).toEqual({
      problem: 'envelope_invalid',
      member: META.clientCapabilities,
    });
    expect(eraOf(message('tools/list', envelope(7)), undefined)).toMatchObject({ member: META.protocolVersion });
  });

  it('names a version that it does not speak', () => {
    expect(eraOf(message('tools/list', envelope('1900-01-01')), '1900-01-01')).toEqual({
      problem: 'version_unsupported',
      requested: '1900-01-01',
    });
    expect(eraOf(message('tools/list'), '2024-11-05')).toMatchObject({ problem: 'version_unsupported' });
  });

  it('takes a notification as modern by its header alone', () => {
    expect(eraOf(message('notifications/cancelled'), '2026-07-28')).toMatchObject({ era: 'modern' });
  });
});

describe('negotiateLegacyVersion', () => {
  it('answers the version asked for, else the newest', () => {
    expect(negotiateLegacyVersion('2025-03-26')).toBe('2025-03-26');
    expect(negotiateLegacyVersion('2026-07-28')).toBe('2025-11-25');
    expect(negotiateLegacyVersion(undefined)).toBe('2025-11-25');
  });
});
