import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCredential } from './credential.js';

const parse = (value: unknown): unknown => parseCredential(Buffer.from(JSON.stringify(value)));
const headers = (...list: object[]): object => ({ scheme: 'headers', headers: list });
const HEADER = { name: 'X-Key', value: 'key' };
const BEARER = { scheme: 'bearer', token: 'a' };
const BASIC = { scheme: 'basic', username: 'a', password: 'b' };
const PARAMETER = { name: 'api_key', value: 'key' };
const CLIENT = {
  scheme: 'oauth_client_credentials',
  tokenUrl: 'https://auth.example.com/token',
  clientId: 'me',
  clientSecret: 'secret',
};
const pem = ({ privateKey }: { privateKey: KeyObject }): string => privateKey.export({ type: 'pkcs8', format: 'pem' });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const EC_KEY = pem(EC);
const PUBLIC_KEY = EC.publicKey.export({ type: 'spki', format: 'pem' });
const { clientSecret: _secret, ...WITHOUT_SECRET } = CLIENT;
const KEY_CLIENT = { ...WITHOUT_SECRET, privateKey: EC_KEY };
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
  ['no parameters', { scheme: 'query', parameters: [] }],
  ['a parameter name that is none', { scheme: 'query', parameters: [{ name: 'a=b', value: 'c' }] }],
  ['a parameter value that no header can bring', { scheme: 'query', parameters: [{ name: 'a', value: 'ö' }] }],
  ['the same parameter twice', { scheme: 'query', parameters: [PARAMETER, PARAMETER] }],
  ['a parameter that is not secret', { scheme: 'query', parameters: [{ ...PARAMETER, secret: false }] }],
  ['a header of the same kind as a token', { ...CLIENT, headers: [{ name: 'Authorization', value: 'a' }] }],
  ['a token endpoint over http', { ...CLIENT, tokenUrl: 'http://auth.example.com/token' }],
  ['a token endpoint that is no URL', { ...CLIENT, tokenUrl: 'auth.example.com' }],
  ['a token endpoint with a user name', { ...CLIENT, tokenUrl: 'https://a:b@auth.example.com/token' }],
  ['no client secret', { ...CLIENT, clientSecret: undefined }],
  ['an empty client secret', { ...CLIENT, clientSecret: '' }],
  ['a secret and a key', { ...CLIENT, privateKey: EC_KEY }],
  ['a secret for the method of a key', { ...CLIENT, method: 'private_key_jwt' }],
  ['a key for the method of a secret', { ...KEY_CLIENT, method: 'client_secret_post' }],
  ['an unknown method', { ...CLIENT, method: 'client_secret_jwt' }],
  ['a key id without a key', { ...CLIENT, keyId: 'k' }],
  ['a public key', { ...KEY_CLIENT, privateKey: PUBLIC_KEY }],
  ['a short key', { ...KEY_CLIENT, privateKey: pem(generateKeyPairSync('rsa', { modulusLength: 1024 })) }],
  ['a key of another algorithm', { ...KEY_CLIENT, algorithm: 'RS256' }],
  ['a key that can not sign', { ...KEY_CLIENT, privateKey: pem(generateKeyPairSync('x25519')) }],
  ['a resource with a fragment', { ...CLIENT, resource: 'https://a.example/#b' }],
  ['a scope with a line break', { ...CLIENT, scope: 'a\nb' }],
  ['a member of its own', { ...CLIENT, token: 'a' }],
];

describe('a credential', () => {
  it.each(MALFORMED)('is malformed with %s', (_name, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'credential_malformed' }));
  });

  it.each(['digest', 'toString'])('of scheme %s is not supported', (scheme) => {
    expect(() => parse({ scheme })).toThrow(expect.objectContaining({ code: 'scheme_unsupported' }));
  });

  it.each([
    { scheme: 'basic', username: '', password: 'only-a-password' },
    { scheme: 'basic', username: 'user', password: '' },
    { scheme: 'headers', headers: [{ name: 'Authorization', value: 'Token abc' }] },
    { ...BEARER, headers: [HEADER] },
    { ...BASIC, headers: [HEADER, { name: 'X-Tenant', value: 'acme', secret: false }] },
    { scheme: 'query', parameters: [PARAMETER, { name: 'user', value: 'me' }] },
    { ...BEARER, headers: [HEADER], parameters: [PARAMETER] },
    { scheme: 'headers', headers: [HEADER], parameters: [PARAMETER] },
    CLIENT,
    { ...CLIENT, method: 'client_secret_post', scope: 'a b', audience: 'c', resource: 'https://a.example/mcp' },
    { ...CLIENT, tokenUrl: 'http://127.0.0.1:9/token', headers: [HEADER], parameters: [PARAMETER] },
    { ...KEY_CLIENT, method: 'private_key_jwt', keyId: 'k', algorithm: 'ES256', issuer: 'https://auth.example.com' },
    { ...KEY_CLIENT, privateKey: pem(generateKeyPairSync('ed25519')) },
    { ...KEY_CLIENT, privateKey: pem(generateKeyPairSync('rsa', { modulusLength: 2048 })), algorithm: 'PS256' },
    { ...KEY_CLIENT, privateKey: JSON.stringify({ ...createPrivateKey(EC_KEY).export({ format: 'jwk' }), kid: 'k' }) },
  ])('passes: %o', (value) => {
    expect(parse(value)).toEqual(value);
  });

  it('is not read from bytes that are no UTF-8', () => {
    const bytes = Buffer.from('{"scheme":"basic","username":"\u00e9","password":"a"}', 'latin1');
    expect(() => parseCredential(bytes)).toThrow(expect.objectContaining({ code: 'credential_malformed' }));
  });
});
