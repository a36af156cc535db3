import { describe, expect, it } from 'vitest';
import { CONSOLE_HEADERS, consolePolicy } from './console-headers.js';

describe('consolePolicy', () => {
  it('allows the own files and no inline script', () => {
    const policy = consolePolicy([]);
    for (const directive of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"])
      expect(policy.split('; ')).toContain(directive);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('allows connections to the origins of these URLs, each once, and to nothing else of them', () => {
    const urls = ['https://mcp.example.com/path?x=1', null, undefined, 'https://mcp.example.com', 'http://[::1]:4500'];
    expect(consolePolicy(urls)).toContain("connect-src 'self' https://mcp.example.com http://[::1]:4500; ");
  });
});

describe('CONSOLE_HEADERS', () => {
  it('turn each feature of the browser off but writing to the clipboard', () => {
    const policy = CONSOLE_HEADERS['permissions-policy'] ?? '';
    expect(policy.split(', ').every((feature) => /^[a-z-]+=\(\)$/.test(feature))).toBe(true);
    expect(policy).not.toContain('clipboard-write');
  });
});
