import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type Answer, envelope, legacy, modern, post } from '../support/proxy/rpc.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { legacyScript } from '../support/upstreams/index.js';

/** Upstreams that declare everything, so that what is missing was left out here. */
const EVERYTHING = {
  tools: { listChanged: true },
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  experimental: { anything: {} },
  extensions: { 'io.modelcontextprotocol/tasks': {}, 'io.modelcontextprotocol/ui': {} },
};

describeProxies('what Lethe does not do', 1, ({ proxies, publish, startUpstream }) => {
  const sent: Record<string, unknown>[] = [];
  let url: string;

  beforeAll(async () => {
    const upstream = await startUpstream((exchange) => {
      sent.push({ ...exchange.message });
      if (exchange.message.method === 'tools/call') return exchange.reply({ resultType: 'complete', content: [] });
      return legacyScript({ sessionId: 's-1', capabilities: EVERYTHING })(exchange);
    });
    const old = { sessionful: true, capabilities: EVERYTHING };
    const now = { ...MODERN_FACTS, capabilities: EVERYTHING };
    const gateways = [
      { slug: 'old', url: upstream.url, items: [tool('old')], facts: old },
      { slug: 'now', url: upstream.url, items: [tool('now')], facts: now },
    ];
    ({ url } = await publish({ gateways, eras: 'both' }));
  });

  const capabilitiesOf = ({ body }: Answer): object =>
    (body.result as unknown as { capabilities: object }).capabilities;
  const initialize = (version: string) =>
    legacy(url, 'initialize', {
      protocolVersion: version,
      capabilities: { tasks: {} },
      clientInfo: { name: 'c', version: '1' },
    });

  it('is not advertised: tasks, what is experimental, extensions that do not pass', async () => {
    verifies('unsupported.said');
    expect(Object.keys(capabilitiesOf(await initialize('2025-11-25')))).toEqual(['tools']);
    const { extensions, ...rest } = capabilitiesOf(await modern(url, 'server/discover')) as Record<string, object>;
    expect(Object.keys(rest)).toEqual(['tools']);
    expect(Object.keys(extensions ?? {})).toEqual(['io.modelcontextprotocol/ui']);
  });

  it.each(['tasks/get', 'tasks/list', 'tasks/result', 'tasks/cancel', 'no/such'])(
    'gets the error of an unknown method in both eras: %s',
    async (method) => {
      verifies('unsupported.said');
      expect(await legacy(url, method, { taskId: 't' })).toMatchObject({
        status: 200,
        body: { id: 1, error: { code: -32601 } },
      });
      expect(await modern(url, method, { taskId: 't' })).toMatchObject({
        status: 404,
        body: { id: 1, error: { code: -32601 } },
      });
    },
  );

  it('gets it where the virtual server has none of it: completion, log levels, subscriptions', async () => {
    for (const [method, params] of [
      ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }],
      ['logging/setLevel', { level: 'info' }],
    ] as const) {
      expect((await legacy(url, method, params)).body.error.code).toBeOneOf([-32601, -32602]);
    }
    expect((await legacy(url, 'resources/subscribe', { uri: 'x://y' })).body.error.code).toBe(-32002);
  });

  it('is not forwarded to a modern upstream: the tasks capability', async () => {
    const offered = { extensions: { 'io.modelcontextprotocol/tasks': {}, 'x.example/y': { n: 1 } } };
    await modern(url, 'tools/call', { name: 'now', _meta: envelope(offered) });
    const { params } = sent.at(-1) as { params: { _meta: Record<string, unknown> } };
    expect(params._meta['io.modelcontextprotocol/clientCapabilities']).toEqual({
      extensions: { 'x.example/y': { n: 1 } },
    });
  });

  it('is refused as no message: batches, in any version', async () => {
    verifies('unsupported.said');
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    for (const version of ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28']) {
      const answer = await post(url, [ping, { ...ping, id: 2 }], { 'mcp-protocol-version': version });
      expect(answer).toMatchObject({ status: 400, body: { id: null, error: { code: -32600 } } });
    }
  });

  it('has no HTTP+SSE endpoint for clients: a GET outside a session says what is allowed', async () => {
    verifies('unsupported.said');
    const answer = await fetch(url, { headers: { accept: 'text/event-stream' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
    expect(JSON.parse(await answer.text()).error.message).toContain('transport Streamable HTTP, not SSE');
    for (const path of ['sse', 'message']) expect((await fetch(`${proxies.url}/${path}`)).status).toBe(404);
  });

  it('agrees on a version that it speaks, whichever is asked for', async () => {
    const agreed = async (version: string) =>
      ((await initialize(version)).body.result as unknown as { protocolVersion: string }).protocolVersion;
    for (const version of ['2025-03-26', '2025-06-18', '2025-11-25']) expect(await agreed(version)).toBe(version);
    for (const version of ['2024-11-05', '2099-01-01', 'x']) expect(await agreed(version)).toBe('2025-11-25');
  });
});
