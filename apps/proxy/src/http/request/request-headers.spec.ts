import { LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { parseRequestHeaders } from './request-headers.js';

function rejection(...raw: string[]): unknown {
  try {
    parseRequestHeaders(raw);
    return undefined;
  } catch (error) {
    return error instanceof LetheError ? { code: error.code, ...error.detail } : error;
  }
}

describe('parseRequestHeaders', () => {
  it('reads names without regard to case', () => {
    expect(
      parseRequestHeaders(['X-Upstream-GitHub-Authorization', 'Bearer x']).get('x-upstream-github-authorization'),
    ).toBe('Bearer x');
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
    expect(rejection(name, 'chunked', name.toUpperCase(), 'chunked')).toMatchObject({
      code: 'header_illegal',
      rule: 'duplicate',
    });
  });

  it('lets lists be spread over several headers', () => {
    expect(rejection('Accept', 'application/json', 'Accept', 'text/event-stream')).toBeUndefined();
  });

  it.each(['x_upstream_authorization', 'X-Upstream_Authorization', 'authorization_'])(
    'refuses the alias %s',
    (name) => {
      expect(rejection(name, 'Bearer x')).toEqual({ code: 'header_illegal', rule: 'underscore' });
    },
  );

  it('refuses values of more than 8 KiB, and takes those of exactly 8 KiB', () => {
    expect(rejection('X-Upstream-Authorization', 'a'.repeat(8192))).toBeUndefined();
    expect(rejection('X-Upstream-Authorization', 'a'.repeat(8193))).toEqual({
      code: 'header_too_large',
      header: 'x-upstream-authorization',
    });
  });

  it('refuses each byte that is not plain ASCII', () => {
    for (let byte = 0; byte < 256; byte++) {
      const isPlain = byte >= 0x20 && byte < 0x7f;
      expect(rejection('Authorization', `a${String.fromCharCode(byte)}b`) === undefined).toBe(isPlain);
    }
  });

  it.each([0, 30, 31, 32, 33, 900])('finds each header, and one given twice, among %i others', (count) => {
    const others = Array.from({ length: count }, (_, n) => [`X-Other-${n}`, `of ${n}`]).flat();
    const view = parseRequestHeaders(['Authorization', 'mine', ...others]);
    expect([view.get('authorization'), view.get('x-other-0'), view.get(`x-other-${count - 1}`), view.get('x')]).toEqual(
      ['mine', count > 0 ? 'of 0' : undefined, count > 0 ? `of ${count - 1}` : undefined, undefined],
    );
    expect(view.startingWith('x-other-')).toHaveLength(count);
    const twice = rejection('Authorization', 'mine', ...others, 'AUTHORIZATION', 'other');
    expect(twice).toMatchObject({ rule: 'duplicate', header: 'authorization' });
  });

  it('reads names in any order and case, whatever the request before had at their places', () => {
    const names = ['Host', 'accept', 'ACCEPT', 'Mcp-Session-Id', 'x-own'];
    for (let turn = 0; turn < names.length; turn++) {
      const [moved = ''] = names.splice(0, 1);
      names.push(moved);
      const view = parseRequestHeaders(names.flatMap((name) => [name, `of ${name}`]));
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
    expect(rejection('Transfer-Encoding', 'gzip, chunked')).toMatchObject({ rule: 'unsupported' });
  });

  it('never repeats a name that it does not know: people swap names and values', () => {
    const swapped = rejection('lethe_key_1_SECRETSECRET', 'Authorization');
    expect(JSON.stringify(swapped)).not.toContain('SECRET');
    expect(rejection('authorization', 'é')).toMatchObject({ header: 'authorization' });
  });
});
