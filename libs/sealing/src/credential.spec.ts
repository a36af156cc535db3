import { describe, expect, it } from 'vitest';
import { parseCredential } from './credential.js';

const parse = (value: unknown): unknown => parseCredential(Buffer.from(JSON.stringify(value)));
const headers = (...list: object[]): object => ({ scheme: 'headers', headers: list });
const HEADER = { name: 'X-Key', value: 'key' };
const BEARER = { scheme: 'bearer', token: 'a' };
const BASIC = { scheme: 'basic', username: 'a', password: 'b' };
const MALFORMED: [string, unknown][] = [
  ['an empty token', { scheme: 'bearer', token: '' }],
  ['a token with a space', { scheme: 'bearer', token: 'a b' }],
  ['a token with a line break', { scheme: 'bearer', token: 'a\r\nX-Evil: 1' }],
  ['a token beyond ASCII', { scheme: 'bearer', token: 'töken' }],
  ['a token that is too long', { scheme: 'bearer', token: 'a'.repeat(8_193) }],
  ['a token that is a number', { scheme: 'bearer', token: 1 }],
  ['a second token', { scheme: 'bearer', token: 'a', tokens: ['b'] }],
  ['a user name with a colon', { scheme: 'basic', username: 'a:b', password: 'c' }],
  ['a password with a control character', { scheme: 'basic', username: 'a', password: 'b\u0000' }],
  ['no password', { scheme: 'basic', username: 'a' }],
  ['no headers', headers()],
  ['too many headers', headers(...Array.from({ length: 17 }, (_, n) => ({ name: `X-${n}`, value: 'v' })))],
  ['the same header twice', headers({ name: 'X-Key', value: 'a' }, { name: 'x-key', value: 'b' })],
  ['a hop-by-hop header', headers({ name: 'Transfer-Encoding', value: 'chunked' })],
  ['the Host header', headers({ name: 'Host', value: 'evil.example' })],
  ['a header of the protocol', headers({ name: 'Mcp-Session-Id', value: 'a' })],
  ['a header name that is none', headers({ name: 'X Key', value: 'a' })],
  ['a header value with a line break', headers({ name: 'X-Key', value: 'a\nb' })],
  ['a header with one more member', headers({ name: 'X-Key', value: 'a', url: 'b' })],
  ['a mark that is no boolean', headers({ name: 'X-Key', value: 'a', secret: 'no' })],
  ['a second Authorization header', { ...BEARER, headers: [{ name: 'authorization', value: 'Bearer b' }] }],
  ['no headers beside the token', { ...BEARER, headers: [] }],
  ['the same header twice beside the token', { ...BEARER, headers: [HEADER, { ...HEADER, value: 'b' }] }],
  ['a header of the protocol beside a password', { ...BASIC, headers: [{ name: 'Mcp-Session-Id', value: 'a' }] }],
  ['a member with none', { scheme: 'none', token: 'a' }],
  ['a scheme that is no text', { scheme: 1 }],
];

describe('a credential', () => {
  it.each(MALFORMED)('is malformed with %s', (_name, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'credential_malformed' }));
  });

  it.each(['query', 'oauth_client_credentials', 'digest'])('of scheme %s is not supported', (scheme) => {
    expect(() => parse({ scheme })).toThrow(expect.objectContaining({ code: 'scheme_unsupported' }));
  });

  it.each([
    { scheme: 'basic', username: '', password: 'only-a-password' },
    { scheme: 'basic', username: 'user', password: '' },
    { scheme: 'headers', headers: [{ name: 'Authorization', value: 'Token abc' }] },
    { ...BEARER, headers: [HEADER] },
    { ...BASIC, headers: [HEADER, { name: 'X-Tenant', value: 'acme', secret: false }] },
  ])('passes: %o', (value) => {
    expect(parse(value)).toEqual(value);
  });

  it('is not read from bytes that are no UTF-8', () => {
    const bytes = Buffer.from('{"scheme":"basic","username":"\u00e9","password":"a"}', 'latin1');
    expect(() => parseCredential(bytes)).toThrow(expect.objectContaining({ code: 'credential_malformed' }));
  });
});
