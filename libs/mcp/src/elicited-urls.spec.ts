import { describe, expect, it } from 'vitest';
import { elicitedUrl } from './elicited-urls.js';

describe('elicitedUrl', () => {
  it.each([
    'https://example.com/login?state=a%20b#top',
    'HTTPS://example.com:8443/',
    'https://intranet/consent',
    'https://1.1.1.1/',
  ])('lets a person open %s', (url) => {
    expect(elicitedUrl(url, 'mcp.example.com')).toBe(url);
  });

  it.each([
    ['https://exa\tmple.com/a\nb', 'https://example.com/ab'],
    ['https:\\\\example.com\\x', 'https://example.com/x'],
    ['https://ex\u202eample.com/', undefined],
    ['https://m\u00fcnchen.example/\u202e', 'https://xn--mnchen-3ya.example/%E2%80%AE'],
    [' https://example.com ', 'https://example.com/'],
    ['https:example.com', 'https://example.com/'],
  ])('shows %j as what it is: %j', (url, shown) => {
    expect(elicitedUrl(url, 'mcp.example.com')).toBe(shown);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vscode://x',
    'http://example.com/',
    'https://user@example.com/',
    'https://:secret@example.com/',
    'https://@example.com/',
    'https://169.254.169.254/',
    'https://10.0.0.1/',
    'https://0xa.1/',
    'https://127.0.0.1/',
    'http://127.0.0.1/',
    'https://localhost./',
    'https://a.localhost/',
    'https://[::1]/',
    'https://[fe80::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://',
    '/relative',
    '',
    `https://example.com/${'x'.repeat(9_000)}`,
  ])('does not let a person open %s', (url) => {
    expect(elicitedUrl(url, 'mcp.example.com')).toBeUndefined();
  });

  it('lets a gateway at a private address name that address, and one on loopback http too', () => {
    expect(elicitedUrl('https://10.0.0.1/x', '10.0.0.1')).toBe('https://10.0.0.1/x');
    expect(elicitedUrl('https://10.0.0.2/x', '10.0.0.1')).toBeUndefined();
    expect(elicitedUrl('http://10.0.0.1/x', '10.0.0.1')).toBeUndefined();
    for (const gateway of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(elicitedUrl('http://localhost:3000/x', gateway)).toBe('http://localhost:3000/x');
      expect(elicitedUrl('http://127.0.0.1:3000/x', gateway)).toBe('http://127.0.0.1:3000/x');
      expect(elicitedUrl('http://10.0.0.1/x', gateway)).toBeUndefined();
    }
  });
});
