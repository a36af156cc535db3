import { describe, expect, it } from 'vitest';
import { fetchFor, isSecure, isSecureFor } from './secure-fetch.js';

describe('requests to authorization servers', () => {
  it.each([
    ['https://as.example/token', true],
    ['http://127.0.0.1:4000/token', true],
    ['http://[::1]/token', true],
    ['http://as.example/token', false],
    ['https://user:secret@as.example/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['no URL', false],
  ])('go to %s: %s', (url, may) => {
    expect(isSecure(url)).toBe(may);
  });

  it('do not let an upstream elsewhere name a port of this machine', async () => {
    const asked: string[] = [];
    const fetch = async (url: string | URL): Promise<Response> => {
      asked.push(String(url));
      return new Response('{}');
    };
    const remote = fetchFor('https://mcp.example', fetch);
    await expect(remote('http://127.0.0.1:5432/')).rejects.toMatchObject({ code: 'endpoint_insecure' });
    await remote('https://as.example/');
    await fetchFor('http://127.0.0.1:4000', fetch)('http://127.0.0.1:5432/');
    expect(asked).toEqual(['https://as.example/', 'http://127.0.0.1:5432/']);
    expect(isSecureFor('https://mcp.example', 'http://localhost/auth')).toBe(false);
  });
});
