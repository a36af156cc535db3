import { describe, expect, it } from 'vitest';
import type { PassthroughMapping } from '@lethe/contracts';
import {
  exactHeaderName,
  isLegalHeaderValue,
  type MappingProblem,
  mappingProblem,
  mappingsProblem,
  shortHeaderName,
} from './header-rules.js';

const RESERVED = [
  'Cookie', 'COOKIE', 'Set-Cookie', 'Host', 'host', 'Forwarded', 'X-Forwarded-For', 'x-forwarded-host', 'X-Real-IP', 'Via',
  'Mcp-Session-Id', 'mcp-protocol-version', 'Mcp-Method', 'Mcp-Param-x', 'Content-Length', 'content-type', 'Content-Encoding',
  'X-Upstream-', 'X-Upstream--a', 'Proxy-Foo', 'Origin', 'Referer', 'Accept', 'Accept-Encoding',
  'User-Agent', 'Last-Event-ID', 'Sec-Fetch-Site', 'If-Match', 'Range', 'Expect', 'Traceparent', 'Access-Control-Request-Method',
  'X-HTTP-Method-Override', 'X-Original-URL',
]; // prettier-ignore

const FREE = [
  'Authorization',
  'authorization',
  'X-Api-Key',
  'X-GitHub-Token',
  'Api-Key',
  'PRIVATE-TOKEN',
  'X-Acme.Key',
];

const HOP = [
  'Connection', 'Keep-Alive', 'Proxy-Authenticate', 'Proxy-Authorization', 'Proxy-Connection', 'TE', 'Trailer',
  'Transfer-Encoding', 'Upgrade', 'HTTP2-Settings',
]; // prettier-ignore

const ILLEGAL = [
  '', ' ', 'X Key', 'X-Key ', 'X:Key', 'X_Api_Key', 'Authorization_', 'X-Ключ', 'X-Key\r\n', 'X-"Key"', 'X(Key)', 'X/Key',
  'a'.repeat(65), '__proto__', `X-Upstream-${'a'.repeat(182)}`, 'X-Upstream-a_b', 'X-Upstream-a b',
]; // prettier-ignore

describe('a mapping', () => {
  it.each([...FREE, 'X-Upstream-Authorization', 'x-upstream-github-authorization', `X-Upstream-${'a'.repeat(181)}`])(
    'may bring %s',
    (header) => {
      expect(mappingProblem({ header })).toBeUndefined();
    },
  );

  it.each(RESERVED)('never brings %s', (header) => {
    expect(mappingProblem({ header })).toBe('reserved');
  });

  it.each(HOP)('never brings %s, which belongs to one connection', (header) => {
    expect(mappingProblem({ header })).toBe('hop_by_hop');
  });

  it.each(ILLEGAL)('never brings %o, which is no legal name', (header) => {
    expect(mappingProblem({ header })).toBe('name_illegal');
  });

  it.each<[object, MappingProblem | undefined]>([
    [{ scheme: 'bearer', required: true }, undefined],
    [{ scheme: 'digest' }, 'scheme_unknown'],
    [{ to: { query: 'api_key' } }, undefined],
    [{ to: { query: 'a&b' } }, 'query_name_illegal'],
    [{ to: { query: '' } }, 'query_name_illegal'],
    [{ scheme: 'dpop' }, 'dpop_scheme'],
    [{ header: 'authorization', scheme: 'dpop' }, undefined],
    [{ header: 'Authorization', scheme: 'dpop', to: { query: 'token' } }, 'dpop_scheme'],
    [{ header: 'DPoP', required: true }, undefined],
    [{ header: 'dpop', scheme: 'dpop' }, 'proof_scheme'],
    [{ header: 'DPoP', to: { query: 'proof' } }, 'proof_scheme'],
  ])('with %o is %s', (rest, problem) => {
    expect(mappingProblem({ header: 'X-Api-Key', ...rest })).toBe(problem);
  });
});

describe('the mappings of a gateway', () => {
  const many = Array.from({ length: 17 }, (_, n): PassthroughMapping => ({ header: `X-Key-${n}` }));

  it.each<[string, PassthroughMapping[], object | undefined]>([
    ['none', [], undefined],
    ['sixteen', many.slice(1), undefined],
    ['seventeen', many, { index: 16, problem: 'too_many' }],
    [
      'one header twice',
      [{ header: 'X-Key' }, { header: 'x-key', required: true }],
      { index: 1, problem: 'duplicate' },
    ],
    [
      'one parameter twice',
      [
        { header: 'X-A', to: { query: 'k' } },
        { header: 'X-B', to: { query: 'k' } },
      ],
      { index: 1, problem: 'duplicate' },
    ],
    ['a bound token and its proofs', [{ header: 'Authorization', scheme: 'dpop' }, { header: 'dpop' }], undefined],
    [
      'a bound token alone',
      [{ header: 'X-A' }, { header: 'Authorization', scheme: 'dpop' }],
      { index: 1, problem: 'dpop_scheme' },
    ],
    ['a bad second', [{ header: 'X-Key' }, { header: 'Host' }], { index: 1, problem: 'reserved' }],
  ])('%s', (_name, mappings, problem) => {
    expect(mappingsProblem(mappings)).toEqual(problem);
  });
});

describe('a header value', () => {
  it.each(['a', 'Bearer abc', '!', 'a  b', '~'.repeat(9_000)])('passes: %o', (value) => {
    expect(isLegalHeaderValue(value)).toBe(true);
  });

  it.each(['', ' ', ' a', 'a ', 'a\tb', 'ä', '\u{1f511}'])('does not pass: %o', (value) => {
    expect(isLegalHeaderValue(value)).toBe(false);
  });

  it('is visible ASCII with spaces inside, for each of 256 byte values in three positions', () => {
    for (let code = 0; code < 256; code += 1) {
      const char = String.fromCharCode(code);
      const isVisible = code > 0x20 && code < 0x7f;
      expect(isLegalHeaderValue(`${char}bc`)).toBe(isVisible);
      expect(isLegalHeaderValue(`a${char}c`)).toBe(isVisible || code === 0x20);
      expect(isLegalHeaderValue(`ab${char}`)).toBe(isVisible);
    }
  });
});

describe('names', () => {
  it('of a passthrough header are exact or short', () => {
    expect(exactHeaderName('github', 'Authorization')).toBe('X-Upstream-github-Authorization');
    expect(shortHeaderName('Authorization')).toBe('X-Upstream-Authorization');
  });

  it('of a header that a gateway in front of others reads have no short form', () => {
    expect(exactHeaderName('forge', 'X-Upstream-Authorization')).toBe('X-Upstream-forge-X-Upstream-Authorization');
    expect(shortHeaderName('X-Upstream-Authorization')).toBeUndefined();
    expect(shortHeaderName('x-upstream-github-Authorization')).toBeUndefined();
  });
});
