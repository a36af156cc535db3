import fs from 'node:fs';
import { discoverAuthorizationServerMetadata, registerClient } from '@modelcontextprotocol/sdk/client/auth.js';
import { expect, it, vi } from 'vitest';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { verifies } from '../requirements.js';

const NO_SIGN_IN = expect.stringMatching(/no sign-in.*Authorization header.*Bearer lethe_key_/);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describeProxies('a proxy asked for a sign-in', 1, ({ proxies, keep, publish }) => {
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(proxies.url + path, { method, ...init });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  };

  it('has no document about one, and says so in the form of OAuth', async () => {
    verifies('callers.no-sign-in');
    await publish({ slug: 'open', gateways: [] });
    for (const document of ['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource']) {
      const paths = ['', '/servers/open/mcp', '/servers/none/mcp', '/servers/open/mcp/'];
      const below = `/servers/open/mcp/.well-known/${document}`;
      for (const path of [...paths.map((end) => `/.well-known/${document}${end}`), below]) {
        const { status, type, body } = await ask('GET', path);
        expect([path, status, type]).toEqual([path, 404, 'application/json; charset=utf-8']);
        expect(body).toEqual({ error: 'not_found', error_description: NO_SIGN_IN });
      }
    }
  });

  it('refuses to register a client or to give out tokens, whatever is sent, in the form of OAuth', async () => {
    verifies('callers.no-sign-in');
    const json = { headers: { 'content-type': 'application/json' } };
    const bodies: RequestInit[] = [
      { ...json, body: JSON.stringify({ redirect_uris: [] }) },
      { ...json, body: '{' },
      { headers: FORM, body: 'grant_type=authorization_code' },
      { body: Buffer.alloc(2 * 1024 * 1024) },
      {},
    ];
    for (const base of ['', '/servers/open/mcp', '/servers/none/mcp']) {
      for (const endpoint of ['register', 'token', 'authorize']) {
        for (const body of bodies) {
          const send = () => ask('POST', `${base}/${endpoint}`, body);
          // Answered before it is read: a client that still sends may lose the answer (RFC 9112, section 9.6).
          const answer = await send().catch(send);
          expect(answer).toMatchObject({ status: 400, type: 'application/json; charset=utf-8' });
          expect(answer.body).toEqual({ error: 'access_denied', error_description: NO_SIGN_IN });
        }
      }
      expect((await ask('GET', `${base}/authorize?response_type=code`)).body).toMatchObject({ error: 'access_denied' });
    }
  });

  it('answers every other path and method with the same problem, which repeats nothing of the request', async () => {
    for (const method of ['GET', 'POST', 'PROPFIND', 'SEARCH', 'REPORT', 'MKCOL']) {
      const { status, type, body } = await ask(method, '/nothing/here?token=planted-secret');
      expect([method, status, type]).toEqual([method, 404, 'application/problem+json; charset=utf-8']);
      expect(body).toMatchObject({ code: 'not_found', detail: expect.stringContaining('/servers/<name>/mcp') });
      expect(JSON.stringify(body)).not.toMatch(/planted|nothing/);
    }
  });

  it('is understood so by the official client: nothing is discovered, and registering fails with that sentence', async () => {
    verifies('callers.no-sign-in');
    const endpoint = `${proxies.url}/servers/open/mcp`;
    const clientMetadata = { redirect_uris: ['http://localhost:1/callback'] };
    for (const url of [endpoint, proxies.url]) {
      expect(await discoverAuthorizationServerMetadata(url)).toBeUndefined();
      const registered = registerClient(url, { clientMetadata });
      await expect(registered).rejects.toThrow(/Lethe has no sign-in.*Authorization header/);
    }
  });

  it('logs nothing of what clients send there, nor where they are refused', async () => {
    verifies('callers.no-sign-in');
    const written = vi.spyOn(fs, 'write');
    keep({ close: () => written.mockRestore() });
    const proxy = await proxies.start({ LETHE_LOG_LEVEL: 'trace' });
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer lethe_key_CANARY_CANARY-CANARY-CANARY',
      'x-upstream-authorization': 'Bearer CANARY',
      'x-upstream-CANARY-authorization': 'Bearer CANARY',
      cookie: 'CANARY',
    };
    const documents = ['/.well-known/oauth-protected-resource', '/.well-known/openid-configuration'];
    const paths = [
      '/register',
      '/token',
      '/authorize?state=CANARY',
      '/servers/open/mcp/register',
      '/CANARY',
      '/%zz',
      ...documents,
    ];
    for (const path of [...paths, '/servers/CANARY/mcp', '/servers/CANARY/mcp/CANARY']) {
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? '{"client_secret":"CANARY"}' : null;
        const response = await fetch(proxy.url + path, { method, headers, body });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(await response.text()).not.toContain('CANARY');
      }
    }
    // It writes what is left.
    await proxy.close();
    const logged = written.mock.calls.map(([, text]) => text).join();
    expect(logged).toContain('The proxy listens');
    expect(logged).not.toContain('CANARY');
  });

  it('says on any other path where the MCP endpoints are', async () => {
    verifies('http.edges');
    for (const path of ['/', '/mcp', '/sse', '/servers/open', '/servers/open/sse', '/servers/open/mcp/x', '/v1/keys']) {
      for (const method of ['GET', 'POST']) {
        const { status, type, body } = await ask(method, path, method === 'POST' ? { headers: FORM, body: 'x' } : {});
        expect([path, status, type]).toEqual([path, 404, 'application/problem+json; charset=utf-8']);
        expect(body).toMatchObject({ code: 'not_found', detail: expect.stringContaining('/servers/<name>/mcp') });
      }
    }
    expect((await fetch(`${proxies.url}/readyz`)).status).toBe(200);
  });
});
