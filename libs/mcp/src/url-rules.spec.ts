import { describe, expect, it } from 'vitest';
import { canonicalUrl, isOfResource, upstreamUrlProblem, type UrlProblem } from './url-rules.js';

const NONE = { allowed: [] };
const EMBEDDED = { allowed: ['127.0.0.0/8', '::1', 'localhost'] };

const PUBLIC = [
  'https://mcp.example.com/mcp',
  'https://mcp.example.com',
  'https://mcp.example.com:8443/a/b?workspace=acme&region=eu-west-1',
  'https://api.githubcopilot.com/mcp/',
  'https://8.8.8.8/mcp',
  'https://[2606:4700:4700::1111]/mcp',
  'https://bücher.example/mcp',
  'https://mcp.example.com/p/3f2504e0-4f89-41d3-9a0c-0305e82c3301/mcp?project=3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  'https://mcp.example.com/mcp?page=monkey&keyboard=dvorak&passenger=2',
];

/** Ways to write an inner host: dotted, hex, octal, integer, short, mapped, embedded, wide, dotted at the end, by name. */
const INNER = [
  'http://127.0.0.1/', 'https://127.0.0.1/', 'https://127.0.0.1:8443/', 'https://127.0.0.1./', 'https://127.1/',
  'https://127.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0x7f000001/', 'https://0x7f.0.0.1/',
  'https://0177.0.0.1/', 'https://017700000001/', 'https://0/', 'https://0.0.0.0/', 'https://00.0.0.0/',
  'https://１２７.０.０.１/', 'https://①②⑦.0.0.1/', 'https://127。0。0。1/', 'https://%31%32%37.0.0.1/',
  'https://10.0.0.1/', 'https://0xa.0.0.1/', 'https://167772161/', 'https://172.16.0.1/', 'https://192.168.1.1/',
  'https://100.64.0.1/', 'https://169.254.169.254/latest/meta-data/', 'https://0xa9fea9fe/', 'https://2852039166/',
  'https://168.63.129.16/', 'https://198.18.0.1/', 'https://224.0.0.1/', 'https://255.255.255.255/',
  'https://[::]/', 'https://[::1]/', 'https://[0:0:0:0:0:0:0:1]/', 'https://[::127.0.0.1]/', 'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/', 'https://[64:ff9b::127.0.0.1]/', 'https://[64:ff9b:1::7f00:1]/', 'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/', 'https://[fc00::1]/', 'https://[fd00:ec2::254]/', 'https://[fe80::1]/',
  'https://[fec0::1]/', 'https://[ff02::1]/', 'https://[100::1]/', 'https://[5f00::1]/', 'https://[2001:db8::1]/',
  'https://[3fff::1]/',
]; // prettier-ignore

const INNER_NAMES = [
  'https://localhost/', 'https://LOCALHOST/', 'https://localhost./', 'https://ⓛocalhost/', 'https://a.localhost/',
  'https://registry/', 'https://postgres:5432/', 'https://printer.local/', 'https://x.internal/',
  'https://metadata.google.internal/', 'https://METADATA.google.INTERNAL./', 'https://metadata.goog/', 'https://a.home.arpa/',
  'https://wiki.corp/', 'https://nas.lan/', 'https://a.localdomain/', 'https://1.0.0.127.in-addr.arpa/',
]; // prettier-ignore

const BROKEN: [string, UrlProblem][] = [
  ['', 'not_a_url'],
  ['mcp.example.com', 'not_a_url'],
  ['/mcp', 'not_a_url'],
  ['https:mcp.example.com', 'not_a_url'],
  ['https:/mcp.example.com', 'not_a_url'],
  ['https:///mcp.example.com', 'not_a_url'],
  ['https:\\\\mcp.example.com', 'not_a_url'],
  ['https://mcp.example.com\\@evil.example', 'not_a_url'],
  [' https://mcp.example.com', 'not_a_url'],
  ['https://mcp.example.com/a b', 'not_a_url'],
  ['https://mcp.exam\nple.com', 'not_a_url'],
  ['ht\ttps://mcp.example.com', 'not_a_url'],
  ['https://[::1', 'not_a_url'],
  ['https://1.1.1.256/', 'not_a_url'],
  ['https://a%00b.example/', 'not_a_url'],
  ['https://[fe80::1%25eth0]/', 'not_a_url'],
  ['https://mcp.example.com:99999/', 'not_a_url'],
  [`https://mcp.example.com/${'a'.repeat(2_048)}`, 'too_long'],
  ['ftp://mcp.example.com/', 'scheme'],
  ['file:///etc/passwd', 'not_a_url'],
  ['javascript://mcp.example.com/', 'scheme'],
  ['ws://mcp.example.com/', 'scheme'],
  ['https://user@mcp.example.com/', 'userinfo'],
  ['https://user:pass@mcp.example.com/', 'userinfo'],
  ['https://@mcp.example.com/', 'userinfo'],
  ['https://:@mcp.example.com/', 'userinfo'],
  ['https://mcp.example.com/#a', 'fragment'],
  ['https://mcp.example.com/mcp#', 'fragment'],
  ['http://mcp.example.com/mcp', 'http_only_for_allowed_hosts'],
  ['http://8.8.8.8/mcp', 'http_only_for_allowed_hosts'],
];

const SECRET_QUERIES = [
  'token=abc', 'api_key=abc', 'apikey=abc', 'apiKey=abc', 'API-KEY=abc', 'key=abc', 'access_token=abc', 'accessToken=abc',
  'client_secret=abc', 'secret=abc', 'sig=abc', 'signature=abc', 'X-Amz-Signature=abc', 'password=abc', 'pwd=abc',
  'auth=abc', 'authorization=abc', 'jwt=abc', 'credential=abc', 'a=1&session_token=abc', 'a=1;b=2&x-token=', '%74oken=abc',
  'q=ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'q=sk-abcdefghijklmnop', 'q=xoxb-1234567890-abcdefgh',
  'q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', 'id=Zx81kQpL0mN2vB7cR4tY6uW9', 'Zx81kQpL0mN2vB7cR4tY6uW9',
]; // prettier-ignore

describe('a public URL', () => {
  it.each(PUBLIC)('%s may be registered', (url) => {
    expect(upstreamUrlProblem(url, NONE)).toBeUndefined();
  });
});

describe('an inner address, however it is spelled', () => {
  it.each(INNER)('%s is refused', (url) => {
    expect(upstreamUrlProblem(url, NONE)).toMatch(/^(private_address|not_a_url)$/);
  });

  it.each(INNER_NAMES)('%s is refused by its name', (url) => {
    expect(upstreamUrlProblem(url, NONE)).toBe('private_host');
  });

  it('takes more than forty spellings', () => {
    expect(INNER.length + INNER_NAMES.length).toBeGreaterThan(40);
  });
});

describe('a URL that breaks a rule', () => {
  it.each(BROKEN)('%s: %s', (url, problem) => {
    expect(upstreamUrlProblem(url, EMBEDDED)).toBe(problem);
  });

  it.each(SECRET_QUERIES)('carries a secret in its query: %s', (query) => {
    expect(upstreamUrlProblem(`https://mcp.example.com/mcp?${query}`, EMBEDDED)).toBe('secret_in_query');
  });

  it.each([
    'github_pat_11ABCDEFG0123456789',
    's/sk-abcdefghijklmnop/mcp',
    'glpat%2Dabcdefghijklmnop',
    'AKIAIOSFODNN7EXAMPLE',
  ])('carries a secret in its path: %s', (path) => {
    expect(upstreamUrlProblem(`https://mcp.example.com/${path}`, EMBEDDED)).toBe('secret_in_path');
  });
});

describe('a listed host', () => {
  it.each(['http://127.0.0.1:3001/mcp', 'http://localhost:3001/mcp', 'http://[::1]:3001/mcp', 'https://127.0.0.1/mcp'])(
    'of the embedded default may be registered, also over http: %s',
    (url) => {
      expect(upstreamUrlProblem(url, EMBEDDED)).toBeUndefined();
    },
  );

  it.each<[string, string, UrlProblem | undefined]>([
    ['upstream:8080', 'http://upstream:8080/mcp', undefined],
    ['upstream:8080', 'http://upstream:8081/mcp', 'private_host'],
    ['upstream', 'http://upstream:8081/mcp', undefined],
    ['10.0.0.0/8', 'http://10.1.2.3/mcp', undefined],
    ['10.0.0.0/8', 'http://11.1.2.3/mcp', 'http_only_for_allowed_hosts'],
    ['10.0.0.1:8080', 'http://10.0.0.1:8080/mcp', undefined],
    ['10.0.0.1:8080', 'http://10.0.0.1/mcp', 'private_address'],
    ['[fd00::1]:8080', 'http://[fd00::1]:8080/mcp', undefined],
    ['mcp.example.com', 'http://mcp.example.com/mcp', undefined],
    ['mcp.example.com', 'http://sub.mcp.example.com/mcp', 'http_only_for_allowed_hosts'],
    ['169.254.0.0/16', 'http://169.254.169.254/mcp', 'private_address'],
    ['*', 'http://10.0.0.1/mcp', 'private_address'],
  ])('%s: %s is %s', (entry, url, problem) => {
    expect(upstreamUrlProblem(url, { allowed: [entry] })).toBe(problem);
  });
});

describe('the canonical form', () => {
  it.each([
    ['HTTPS://MCP.Example.COM:443/a/../mcp', 'https://mcp.example.com/mcp'],
    ['https://mcp.example.com', 'https://mcp.example.com/'],
    ['https://mcp.example.com./mcp', 'https://mcp.example.com/mcp'],
    ['https://mcp.example.com/mcp?', 'https://mcp.example.com/mcp'],
    ['https://mcp.example.com/mcp?b=2&a=1', 'https://mcp.example.com/mcp?b=2&a=1'],
    ['https://mcp.example.com/mcp/', 'https://mcp.example.com/mcp/'],
    ['http://127.1:3001/mcp', 'http://127.0.0.1:3001/mcp'],
    ['http://[0:0::1]:80/mcp', 'http://[::1]/mcp'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('of %s is %s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
    expect(canonicalUrl(canonical)).toBe(canonical);
  });

  it('is not asked of what is no URL, and does not quote it', () => {
    expect(() => canonicalUrl('https://user:secret@[')).toThrow(/^Not a URL$/);
  });
});

describe('a URL of a resource', () => {
  it.each([
    ['https://a.example/mcp', true],
    ['https://a.example/mcp/', true],
    ['https://a.example', true],
    ['https://a.example/mc', false],
    ['https://a.example/mcp/x', false],
    ['https://b.example/mcp', false],
    ['http://a.example/mcp', false],
    ['https://a.example:8443/mcp', false],
    ['a.example', false],
  ])('is https://a.example/mcp for %s: %s', (resource, expected) => {
    expect(isOfResource('https://a.example/mcp', resource)).toBe(expected);
  });

  it('is none that is no URL', () => {
    expect(isOfResource('mcp', 'https://a.example/mcp')).toBe(false);
  });
});
