import { readSettings } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { admissionRules, admitBody, admitHost, admitOrigin } from './admission.js';
import { admitHeaders } from './header-view.js';

const rulesOf = (env: Record<string, string>) => admissionRules(readSettings(env));
const host = (value: string) => admitHeaders(['Host', value]);
const admitted = (value: string, rules: ReturnType<typeof rulesOf>): boolean => {
  try {
    admitHost(host(value), rules);
    return true;
  } catch {
    return false;
  }
};

describe('admitHost', () => {
  const loopback = rulesOf({ HOST: '127.0.0.1', LETHE_PUBLIC_URL: 'https://mcp.example.com' });

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
    const outside = rulesOf({ HOST: '10.0.0.5' });
    expect(admitted('localhost', outside)).toBe(false);
    expect(admitted('10.0.0.5:4500', outside)).toBe(true);
    expect(admitted('localhost:4500', rulesOf({ HOST: '0.0.0.0' }))).toBe(true);
  });
});

describe('admitOrigin', () => {
  const rules = rulesOf({ LETHE_ALLOWED_ORIGINS: 'https://app.example.com' });
  const origin = (value?: string) => admitHeaders(value === undefined ? [] : ['Origin', value]);

  it('lets requests of no page, of its own and of listed pages in', () => {
    expect(admitOrigin(origin(), 'localhost:4500', rules)).toBeUndefined();
    expect(admitOrigin(origin('http://localhost:4500'), 'localhost:4500', rules)).toBe('http://localhost:4500');
    expect(admitOrigin(origin('https://app.example.com'), 'localhost:4500', rules)).toBe('https://app.example.com');
  });

  it.each(['null', 'https://evil.example', 'http://localhost:4501', 'https://app.example.com.evil.example', ''])(
    'keeps pages of %j out',
    (value) => {
      expect(() => admitOrigin(origin(value), 'localhost:4500', rules)).toThrow();
    },
  );
});

describe('admitBody', () => {
  const body =
    (...raw: string[]) =>
    () =>
      admitBody(admitHeaders(raw));

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
