import { LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { admitHeaders } from './header-view.js';

function refusal(...raw: string[]): unknown {
  try {
    admitHeaders(raw);
    return undefined;
  } catch (error) {
    return error instanceof LetheError ? { code: error.code, ...error.detail } : error;
  }
}

describe('admitHeaders', () => {
  it('reads names without regard to case', () => {
    expect(admitHeaders(['X-Upstream-GitHub-Authorization', 'Bearer x']).get('x-upstream-github-authorization')).toBe(
      'Bearer x',
    );
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'X-API-Key',
    'Host',
    'Origin',
    'Content-Length',
    'Content-Type',
    'Transfer-Encoding',
    'Mcp-Session-Id',
    'MCP-Protocol-Version',
    'Mcp-Param-Region',
    'X-Upstream-Authorization',
    'X-Upstream-unmapped-Thing',
  ])('refuses %s given twice, in any case', (name) => {
    expect(refusal(name, 'chunked', name.toUpperCase(), 'chunked')).toMatchObject({
      code: 'header_illegal',
      rule: 'duplicate',
    });
  });

  it('lets lists be spread over several headers', () => {
    expect(refusal('Accept', 'application/json', 'Accept', 'text/event-stream')).toBeUndefined();
  });

  it.each(['x_upstream_authorization', 'X-Upstream_Authorization', 'authorization_'])(
    'refuses the alias %s',
    (name) => {
      expect(refusal(name, 'Bearer x')).toEqual({ code: 'header_illegal', rule: 'underscore' });
    },
  );

  it('refuses values of more than 8 KiB, and takes those of exactly 8 KiB', () => {
    expect(refusal('X-Upstream-Authorization', 'a'.repeat(8192))).toBeUndefined();
    expect(refusal('X-Upstream-Authorization', 'a'.repeat(8193))).toEqual({
      code: 'header_too_large',
      header: 'x-upstream-authorization',
    });
  });

  it('refuses each byte that is not plain ASCII', () => {
    for (let byte = 0; byte < 256; byte++) {
      const isPlain = byte >= 0x20 && byte < 0x7f;
      expect(refusal('Authorization', `a${String.fromCharCode(byte)}b`) === undefined).toBe(isPlain);
    }
  });

  it('refuses transfer codings other than chunked', () => {
    expect(refusal('Transfer-Encoding', 'gzip, chunked')).toMatchObject({ rule: 'unsupported' });
  });

  it('never repeats a name that it does not know: people swap names and values', () => {
    const swapped = refusal('lethe_key_1_SECRETSECRET', 'Authorization');
    expect(JSON.stringify(swapped)).not.toContain('SECRET');
    expect(refusal('authorization', 'é')).toMatchObject({ header: 'authorization' });
  });
});
