import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import type { UpstreamScript } from '../support/upstreams/index.js';

const CONSOLE = 'https://lethe.example.com';
/** What the MCP clients of a page send, besides what every page may. */
const HEADERS = [
  ...['authorization', 'content-type', 'last-event-id', 'mcp-method', 'mcp-name', 'mcp-param-text'],
  ...['mcp-protocol-version', 'mcp-session-id', 'x-lethe-up-authorization'],
].join(',');
const echoes: UpstreamScript = ({ reply }) => reply({ content: [{ type: 'text', text: 'echoed' }] });
const env = { LETHE_REGISTRY_PUBLIC_URL: `${CONSOLE}/` };

describeProxiesOnEachEngine('a page of the console', { count: 1, env }, ({ proxies, serveOne, publishKey }) => {
  /** As its browser asks before. */
  const preflight = (url: string, method: string, origin = CONSOLE) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': HEADERS },
    });

  it('may send every header of a client of either era, with each method of them', async () => {
    verifies('console.calls');
    const { url } = await serveOne(echoes);
    for (const method of ['POST', 'GET', 'DELETE']) {
      const { status, headers } = await preflight(url, method);
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, CONSOLE]);
      expect(headers.get('access-control-allow-methods')).toContain(method);
      expect(headers.get('access-control-allow-headers')).toBe(HEADERS);
    }
  });

  it('is answered in both eras, and may read the headers that its client needs', async () => {
    verifies('console.calls');
    const { url } = await serveOne(echoes);
    const origin = { origin: CONSOLE };
    for (const connect of [connectLegacy, connectModern]) {
      const client = await connect(url, origin);
      expect((await client.callTool({ name: 'echo' })).content).toEqual([{ type: 'text', text: 'echoed' }]);
      await client.close();
    }
    const answers = [
      await legacy(url, 'tools/call', { name: 'echo' }, await begin(url, origin)),
      await modern(url, 'tools/call', { name: 'echo' }, origin),
      await legacy(url, 'tools/call', { name: 'nothing' }, origin),
    ];
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(CONSOLE);
      expect(headers.get('vary')).toContain('Origin');
      const exposed = headers.get('access-control-expose-headers') ?? '';
      for (const name of ['Mcp-Session-Id', 'MCP-Protocol-Version', 'WWW-Authenticate', 'Retry-After'])
        expect(exposed.split(', ')).toContain(name);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('reads which headers the upstreams of a virtual server need', async () => {
    verifies('console.calls');
    const { path } = await serveOne(echoes, {}, { access: 'key' });
    const slug = path.split('/')[2] ?? '';
    const url = `${proxies.url}/servers/${slug}/upstreams`;
    const asked = await preflight(url, 'GET');
    expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-headers')]).toEqual([204, CONSOLE, HEADERS]); // prettier-ignore
    const headers = { origin: CONSOLE, authorization: `Bearer ${await publishKey(slug)}` };
    const answer = await fetch(url, { headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, CONSOLE]);
  });

  it('is the only one: a page of another origin gets nothing, nor does one that looks like it', async () => {
    verifies('console.calls');
    const { url, path } = await serveOne(echoes);
    const upstreams = `${proxies.url}/servers/${path.split('/')[2] ?? ''}/upstreams`;
    const others = ['https://evil.example', 'http://lethe.example.com', `${CONSOLE}.evil.example`, `${CONSOLE}:8443`, 'null']; // prettier-ignore
    for (const origin of others)
      for (const at of [url, upstreams])
        for (const answer of [await preflight(at, 'POST', origin), await fetch(at, { headers: { origin } })])
          expect([origin, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
            origin,
            403,
            null,
          ]);
  });
});
