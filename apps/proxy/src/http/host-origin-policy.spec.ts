import { readSettings } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { HostOriginPolicy, hostOriginRules, checkContentType } from './host-origin-policy.js';
import { parseRequestHeaders } from './request-headers.js';

const admissionOf = (env: Record<string, string>) => new HostOriginPolicy(hostOriginRules(readSettings(env)));
const host = (value: string) => parseRequestHeaders(['Host', value]);
const admitted = (value: string, admission: HostOriginPolicy): boolean => {
  try {
    admission.checkHost(host(value));
    return true;
  } catch {
    return false;
  }
};

describe('Admission by Host', () => {
  const loopback = admissionOf({ HOST: '127.0.0.1', LETHE_PUBLIC_URL: 'https://mcp.example.com' });

  it.each(['127.0.0.1:4500', 'localhost', 'LOCALHOST:9', '[::1]:4500', 'mcp.example.com'])('lets %s in', (name) => {
    expect(admitted(name, loopback)).toBe(true);
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
    expect(admitted(name, loopback)).toBe(false);
  });

  it('takes loopback names only where it listens there', () => {
    const outside = admissionOf({ HOST: '10.0.0.5' });
    expect(admitted('localhost', outside)).toBe(false);
    expect(admitted('10.0.0.5:4500', outside)).toBe(true);
    expect(admitted('localhost:4500', admissionOf({ HOST: '0.0.0.0' }))).toBe(true);
  });
});

describe('Admission by Origin', () => {
  const admission = admissionOf({ LETHE_ALLOWED_ORIGINS: 'https://app.example.com' });
  const origin = (value?: string) => parseRequestHeaders(value === undefined ? [] : ['Origin', value]);

  it('lets requests of no page, of its own and of listed pages in', () => {
    expect(admission.checkOrigin(origin(), 'localhost:4500')).toBeUndefined();
    expect(admission.checkOrigin(origin('http://localhost:4500'), 'localhost:4500')).toBe('http://localhost:4500');
    expect(admission.checkOrigin(origin('https://app.example.com'), 'localhost:4500')).toBe('https://app.example.com');
  });

  it.each(['null', 'https://evil.example', 'http://localhost:4501', 'https://app.example.com.evil.example', ''])(
    'keeps pages of %j out',
    (value) => {
      expect(() => admission.checkOrigin(origin(value), 'localhost:4500')).toThrow();
    },
  );
});

describe('admitBody', () => {
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
