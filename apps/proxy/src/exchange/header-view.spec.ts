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

  it('takes 128 headers and no more: each is compared with all before it', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => [`x-${n}`, 'v']).flat();
    expect(refusal(...many(128))).toBeUndefined();
    expect(refusal(...many(129))).toEqual({ code: 'header_illegal', rule: 'too_many' });
  });

  it('reads names in any order and case, whatever the request before had at their places', () => {
    const names = ['Host', 'accept', 'ACCEPT', 'Mcp-Session-Id', 'x-own'];
    for (let turn = 0; turn < names.length; turn++) {
      const [moved = ''] = names.splice(0, 1);
      names.push(moved);
      const view = admitHeaders(names.flatMap((name) => [name, `of ${name}`]));
      const accept = names.find((name) => name.toLowerCase() === 'accept');
      expect([view.get('host'), view.get('accept'), view.get('mcp-session-id'), view.get('x-own')]).toEqual([
        'of Host',
        `of ${accept}`,
        'of Mcp-Session-Id',
        'of x-own',
      ]);
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
