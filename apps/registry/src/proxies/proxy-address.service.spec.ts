import { readSettings } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { ProxyAddress } from './proxy-address.service.js';

const addressOf = (env: Record<string, string>, own?: string) => new ProxyAddress(readSettings(env), () => own);

describe('ProxyAddress', () => {
  const own = addressOf({}, 'http://127.0.0.1:4500');

  it('is the public URL, whatever the page was asked for', () => {
    const address = addressOf({ LETHE_PUBLIC_URL: 'https://mcp.example.com/' }, 'http://127.0.0.1:4500');
    expect(address.seenFrom('localhost:4400')).toBe('https://mcp.example.com');
  });

  it.each([
    ['localhost:4400', 'http://localhost:4500'],
    ['LOCALHOST', 'http://localhost:4500'],
    ['127.0.0.1:4400', 'http://127.0.0.1:4500'],
    ['[::1]:4400', 'http://[::1]:4500'],
  ])('is the proxy in this process by the name of a page at %s', (host, url) => {
    expect(own.seenFrom(host)).toBe(url);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    '127.0.0.1.evil.example',
    '192.0.2.1:4400',
    "localhost; script-src 'unsafe-inline'",
    'localhost:4400 evil.example',
    'localhost@evil.example',
    '[::1',
  ])('is unknown to a page at %j', (host) => {
    expect(own.seenFrom(host)).toBeUndefined();
  });

  it('is unknown while no proxy listens in this process', () => {
    expect(addressOf({}).seenFrom('localhost:4400')).toBeUndefined();
  });
});
