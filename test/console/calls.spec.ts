import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { openServerOver } from '../support/open-server.js';
import { startEverythingUpstream, type Upstream } from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

/** What a page sees of a request: its status and two headers, or that its browser let nothing through. */
const ASKS = `async ([url, init]) => {
  try {
    const response = await fetch(url, init);
    const exposed = ['mcp-session-id', 'mcp-protocol-version'].map((name) => response.headers.get(name) !== null);
    return { status: response.status, exposed, text: await response.text() };
  } catch (error) {
    return { status: String(error) };
  }
}`;

describe.skipIf(!hasChromium())('the page of the console', () => {
  let lethe: Embedded;
  let upstream: Upstream;
  let endpoint: URL;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startEmbedded(), startEverythingUpstream({})]);
    endpoint = new URL(await openServerOver(lethe, 'everything', upstream.url));
  });
  afterAll(async () => {
    await lethe?.stop();
    await upstream?.close();
  });

  it.each(['127.0.0.1', 'localhost'])('calls the proxy of its process as %s, in both eras', async (name) => {
    verifies('console.calls');
    verifies('console.policy');
    const registry = new URL(lethe.registryUrl);
    registry.hostname = name;
    const { page, violations, close } = await openConsole(registry.origin);
    const authorization = `Bearer ${lethe.admin.token}`;
    const told = await fetch(new URL('/v1/status', registry), { headers: { authorization } });
    const { proxyUrl } = (await told.json()) as { proxyUrl: string };
    expect(new URL(proxyUrl).hostname).toBe(name);
    const ask = (message: object, headers: Record<string, string>) => {
      const accept = 'application/json, text/event-stream';
      const init = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }), headers: { accept, 'content-type': 'application/json', ...headers } }; // prettier-ignore
      return page.evaluate(`(${ASKS})(${JSON.stringify([proxyUrl + endpoint.pathname, init])})`);
    };
    try {
      const clientInfo = { name: 'page', version: '1' };
      const legacy = { method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } };
      expect(await ask(legacy, {})).toMatchObject({ status: 200, exposed: [true, expect.any(Boolean)] });
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
      expect(await ask({ method: 'tools/list', params: { _meta } }, headers)).toMatchObject({
        status: 200,
        text: expect.stringContaining('echo'),
      });
      expect(violations).toEqual([]);
      // The policy of the page, and nothing that the other side does, keeps it from here.
      const elsewhere = `(${ASKS})(${JSON.stringify([upstream.url, { method: 'POST' }])})`;
      expect(await page.evaluate(elsewhere)).toMatchObject({ status: expect.stringContaining('TypeError') });
      await expect.poll(() => violations).toEqual([expect.stringContaining('connect-src')]);
    } finally {
      await close();
    }
  });
});
