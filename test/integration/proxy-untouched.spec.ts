import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { startProxies, type Proxies } from '../support/proxies.js';
import { type ScriptedMessage, sseScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const HEADERS = { traceparent: TRACE, tracestate: 'vendor=1', baggage: 'user=somebody' };
const META = {
  traceparent: TRACE.replace('01', '00'),
  tracestate: 'other=2',
  baggage: 'a=b',
  'com.example/own': { deep: [1, null, 'ü'] },
};
const VIEW = 'ui://widgets/chart.html';
const TOOL = {
  name: 'draw',
  title: 'Draw',
  icons: [{ src: 'data:image/png;base64,AA==', sizes: ['48x48'], theme: 'dark' }],
  inputSchema: { type: 'object', $defs: { x: { $anchor: 'y' } }, 'x-vendor': true },
  outputSchema: { type: 'object', properties: { n: { type: 'number' } } },
  annotations: { readOnlyHint: true, openWorldHint: false, 'vendor/hint': 7 },
  _meta: { ui: { resourceUri: VIEW, visibility: ['model', 'app'] }, 'ui/resourceUri': VIEW },
  vendorMember: { a: [{}] },
};
const RESOURCE = {
  uri: VIEW,
  name: 'chart',
  mimeType: 'text/html;profile=mcp-app',
  size: 12,
  annotations: { audience: ['user'], priority: 0.5, lastModified: '2026-01-01T00:00:00Z' },
  _meta: { ui: { csp: { connectDomains: ['https://example.com'] }, permissions: {} } },
};
/** As text: numbers keep their digits, members their order. */
const RESULT =
  '{"content":[{"type":"vendor/kind","big":12345678901234567890,"_meta":{"k":1.0}}],"structuredContent":{"n":1e2},' +
  '"_meta":{"com.example/r":"\\u00fc"},"unknown":[],"resultType":"complete"}';

const FACTS = {
  legacy: { protocolVersion: '2025-11-25' },
  modern: { era: 'modern', protocolVersion: '2026-07-28' },
  sse: { protocolVersion: '2024-11-05', transport: 'sse' },
} as const;

describe.each(HTTP_ENGINES)('what Lethe does not know (%s)', (_name, env) => {
  let proxies: Proxies;
  let upstream: Upstream;
  let old: Upstream;
  const heard: ScriptedMessage[] = [];
  const oldScript = sseScript({
    results: { 'tools/call': JSON.parse(RESULT), 'resources/read': { contents: [{ uri: VIEW }] } },
  });

  beforeAll(async () => {
    proxies = await startProxies(1, env);
    old = await startScriptedUpstream(oldScript.script);
    upstream = await startScriptedUpstream(({ message, response }) => {
      heard.push(message);
      const result =
        message.method === 'tools/call' ? RESULT : JSON.stringify({ contents: [{ ...RESOURCE, text: '' }] });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`);
    });
    const items = [
      { kind: 'tool' as const, own: TOOL.name, definition: TOOL as never },
      { kind: 'resource' as const, own: RESOURCE.uri, definition: RESOURCE as never },
    ];
    for (const [slug, facts] of Object.entries(FACTS)) {
      const { url } = slug === 'sse' ? old : upstream;
      await proxies.routes.publish({
        slug,
        gateways: [{ slug: 'g', url, items, facts }],
        exposed: { 'g draw': 'paint' },
      });
      await eventually(async () => expect((await fetch(endpoint(slug))).status).not.toBe(404));
    }
  });
  afterAll(async () => {
    await Promise.all([proxies?.close(), upstream?.close(), old?.close()]);
  });

  const endpoint = (slug: string): string => `${proxies.url}/servers/${slug}/mcp`;
  const ASK = { legacy, modern, sse: legacy };

  it.each(['legacy', 'modern'] as const)('stays in lists (%s)', async (era) => {
    verifies('passthrough.untouched');
    const { tools } = (await ASK[era](endpoint(era), 'tools/list')).body.result;
    expect(tools).toEqual([{ ...TOOL, name: 'paint' }]);
    const { result } = (await ASK[era](endpoint(era), 'resources/list')).body;
    expect(result).toMatchObject({ resources: [RESOURCE] });
  });

  it.each(['legacy', 'modern'] as const)('stays in calls and results, byte for byte (%s)', async (era) => {
    const params = { name: 'paint', arguments: { n: 1 }, vendorParam: { x: [] } };
    const meta = era === 'legacy' ? { _meta: META } : {};
    const answer = await ASK[era](endpoint(era), 'tools/call', { ...params, ...meta }, HEADERS);
    expect(answer.text).toBe(`{"jsonrpc":"2.0","id":1,"result":${RESULT}}`);
    expect(heard.at(-1)?.params).toMatchObject({ ...params, ...meta, name: 'draw' });
    const sent = upstream.received.at(-1)?.headers;
    expect(sent).toMatchObject({ traceparent: TRACE, tracestate: 'vendor=1' });
    expect(sent).not.toHaveProperty('baggage');
    const view = await ASK[era](endpoint(era), 'resources/read', { uri: VIEW });
    expect(view.body.result.contents[0]).toMatchObject(RESOURCE);
    expect(upstream.received.at(-1)?.headers).not.toHaveProperty('traceparent');
  });

  it('stays in the calls of an HTTP+SSE upstream', async () => {
    const params = { name: 'paint', arguments: {}, vendorParam: 1, _meta: META };
    const answer = await legacy(endpoint('sse'), 'tools/call', params, HEADERS);
    expect(answer.body.result).toEqual(JSON.parse(RESULT));
    expect(oldScript.posts.at(-1)?.params).toEqual({ ...params, name: 'draw' });
    expect(old.received.at(-1)?.headers).toMatchObject({ traceparent: TRACE, tracestate: 'vendor=1' });
  });

  it('stays beside the envelope of a modern request', async () => {
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { extensions: { 'com.example/x': {} } },
    };
    const params = { name: 'paint', arguments: {}, _meta: { ...envelope, ...META } };
    const response = await fetch(endpoint('modern'), {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'paint' },
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'tools/call', params }),
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
    expect(heard.at(-1)?.params?.['_meta']).toEqual({ ...envelope, ...META });
  });
});
