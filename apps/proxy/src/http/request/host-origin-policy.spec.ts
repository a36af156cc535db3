import { readSettings } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { HostOriginPolicy, hostOriginRules, checkContentType } from './host-origin-policy.js';
import { parseRequestHeaders } from './request-headers.js';

const policyOf = (env: Record<string, string>) => new HostOriginPolicy(hostOriginRules(readSettings(env)));
const host = (value: string) => parseRequestHeaders(['Host', value]);
const isAllowed = (value: string, policy: HostOriginPolicy): boolean => {
  try {
    policy.checkHost(host(value));
    return true;
  } catch {
    return false;
  }
};

describe('HostOriginPolicy by Host', () => {
  const loopback = policyOf({ HOST: '127.0.0.1', LETHE_PUBLIC_URL: 'https://mcp.example.com' });

  it.each(['127.0.0.1:4500', 'localhost', 'LOCALHOST:9', '[::1]:4500', 'mcp.example.com'])('lets %s in', (name) => {
    expect(isAllowed(name, loopback)).toBe(true);
  });

  it.each([
    '',
    'evil.example',
    'mcp.example.com:8443',
    'mcp.example.com.',
    'localhost.evil.example',
    'evil@localhost',
    '127.0.0.1.evil.example',
    'localhost:4500:1',
    'localhost/',
    '127.0.0.1:65536',
    '127.0.0.1:99999',
  ])('keeps %j out', (name) => {
    expect(isAllowed(name, loopback)).toBe(false);
  });

  it('takes loopback names only where it listens there', () => {
    const outside = policyOf({ HOST: '10.0.0.5' });
    expect(isAllowed('localhost', outside)).toBe(false);
    expect(isAllowed('10.0.0.5:4500', outside)).toBe(true);
    expect(isAllowed('localhost:4500', policyOf({ HOST: '0.0.0.0' }))).toBe(true);
  });
});

describe('HostOriginPolicy by Origin', () => {
  const policy = policyOf({ LETHE_ALLOWED_ORIGINS: 'https://app.example.com' });
  const origin = (value?: string) => parseRequestHeaders(value === undefined ? [] : ['Origin', value]);

  it('lets requests of no page, of its own and of listed pages in', () => {
    expect(policy.checkOrigin(origin(), 'localhost:4500')).toBeUndefined();
    expect(policy.checkOrigin(origin('http://localhost:4500'), 'localhost:4500')).toBe('http://localhost:4500');
    expect(policy.checkOrigin(origin('https://app.example.com'), 'localhost:4500')).toBe('https://app.example.com');
  });

  it.each(['null', 'https://evil.example', 'http://localhost:4501', 'https://app.example.com.evil.example', ''])(
    'keeps pages of %j out',
    (value) => {
      expect(() => policy.checkOrigin(origin(value), 'localhost:4500')).toThrow();
    },
  );
});

describe('HostOriginPolicy with a console', () => {
  const origin = (value: string) => parseRequestHeaders(['Origin', value]);
  const settings = readSettings({ LETHE_REGISTRY_PUBLIC_URL: 'https://lethe.example.com/' });
  const policy = new HostOriginPolicy(hostOriginRules(settings, ['http://localhost:4400']));

  it.each(['https://lethe.example.com', 'http://localhost:4400'])('lets its page at %s in', (page) => {
    expect(policy.checkOrigin(origin(page), 'localhost:4500')).toBe(page);
  });

  it.each(['http://lethe.example.com', 'http://127.0.0.1:4400', 'https://localhost:4400'])('keeps %s out', (page) => {
    expect(() => policy.checkOrigin(origin(page), 'localhost:4500')).toThrow();
  });
});

describe('checkContentType', () => {
  const body =
    (...raw: string[]) =>
    () =>
      checkContentType(parseRequestHeaders(raw));

  it('takes JSON and nothing else', () => {
    expect(body('Content-Type', 'application/json')).not.toThrow();
    expect(body('Content-Type', 'application/json; charset=utf-8')).not.toThrow();
    expect(body('Content-Type', 'application/json; charset=utf-16')).toThrow();
    expect(body('Content-Type', 'text/plain')).toThrow();
    expect(body()).toThrow();
    expect(body('Content-Type', 'application/json', 'Content-Encoding', 'gzip')).toThrow();
  });

  it('refuses a body that says it is too long', () => {
    expect(body('Content-Type', 'application/json', 'Content-Length', '4194305')).toThrow();
  });
});
