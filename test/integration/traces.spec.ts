import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { type OtlpReceiver, startOtlpReceiver, tracedBy } from '../support/traces/otlp-receiver.js';
import { legacyScript, type ScriptedMessage, sseScript, type Upstream } from '../support/upstreams/index.js';

const CLIENT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const PARENT = `00-${CLIENT.traceId}-${CLIENT.spanId}-01`;
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const CANARY = 'CANARY-7d1f';
const STATE = `vendor=${CANARY}`;
const ARGUMENTS = { text: CANARY, [`${CANARY}-name`]: [CANARY] };
const HEADERS = {
  'x-upstream-g-authorization': `Bearer ${CANARY}`,
  'user-agent': CANARY,
  'x-own': CANARY,
  baggage: `user=${CANARY}`,
};
const FACTS = {
  legacy: { protocolVersion: '2025-11-25' },
  session: { protocolVersion: '2025-11-25', sessionful: true },
  modern: MODERN_FACTS,
  sse: { protocolVersion: '2024-11-05', transport: 'sse' },
} as const;
const RESULT = { content: [{ type: 'text', text: CANARY }] };

/** The client's era, and the upstream's facts. */
const WAYS = [
  ['legacy', 'legacy'],
  ['legacy', 'session'],
  ['legacy', 'modern'],
  ['legacy', 'sse'],
  ['modern', 'modern'],
  ['modern', 'legacy'],
  ['modern', 'session'],
  ['modern', 'sse'],
] as const;

describeProxies('traces', 1, ({ proxies, keep, publish, startUpstream }) => {
  let collector: OtlpReceiver;
  let url: string;
  const received: { message: ScriptedMessage; headers: Upstream['received'][number]['headers'] }[] = [];

  const isError = { ...RESULT, isError: true };
  const results = { 'tools/call': RESULT };

  beforeAll(async () => {
    collector = keep(await startOtlpReceiver());
    const sse = sseScript({ results });
    const upstream = await startUpstream((exchange) => {
      const { message, request, reply, replyError } = exchange;
      if (message.method === 'initialize' || request.method !== 'POST' || message.id === undefined) {
        return legacyScript({ sessionId: CANARY, results })(exchange);
      }
      received.push({ message, headers: request.headers });
      const { name } = message.params ?? {};
      const extra = request.headers['mcp-protocol-version'] === '2026-07-28' ? { resultType: 'complete' } : {};
      if (name === 'broken') return replyError(200, { code: -32603, message: CANARY });
      reply({ ...(name === 'failing' ? isError : RESULT), ...extra });
    });
    const old = await startUpstream((exchange) => {
      const { message, request } = exchange;
      if (message.method === 'tools/call') received.push({ message, headers: request.headers });
      return sse.script(exchange);
    });
    const mappings = [{ header: 'Authorization', required: true, scheme: 'bearer' as const }];
    const items = ['draw', 'failing', 'broken'].map((name) => tool(name));
    for (const [slug, facts] of Object.entries(FACTS)) {
      const at = slug === 'sse' ? old : upstream;
      const gateway = { slug: 'g', url: at.url, items, facts, mappings };
      await publish({ slug, gateways: [gateway], exposed: { 'g draw': 'paint' } });
    }
    url = await traced();
  });

  /** One more proxy, which sends its traces to the collector. */
  async function traced(more: NodeJS.ProcessEnv = {}): Promise<string> {
    const proxy = keep(await proxies.start(tracedBy(collector, more)));
    for (const slug of Object.keys(FACTS)) await servedBy(proxy.url, slug);
    return proxy.url;
  }

  const call = { legacy, modern };
  const at = (slug: string, base = url): string => `${base}/servers/${slug}/mcp`;
  const paint = { name: 'paint', arguments: ARGUMENTS };

  /** The spans of one call, when all have come. */
  async function spansOf(traceId: string, count: number) {
    await eventually(() => expect(collector.spans.filter((span) => span.traceId === traceId)).toHaveLength(count));
    expect(collector.problems).toEqual([]);
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    return { server: spans.find(({ kind }) => kind === 2), client: spans.find(({ kind }) => kind === 3) };
  }

  let number = 0;
  function newParent(flags = '01') {
    const traceId = (++number).toString(16).padStart(32, 'a');
    return { traceId, traceparent: `00-${traceId}-${CLIENT.spanId}-${flags}` };
  }

  it.each(WAYS)('go through a call of a %s client to a %s upstream, in one trace', async (era, slug) => {
    verifies('traces.one-trace');
    const { traceId, traceparent } = newParent();
    const session = era === 'legacy' && slug === 'session' ? await begin(at(slug), HEADERS) : HEADERS;
    const meta = { traceparent, tracestate: STATE, baggage: CANARY, 'com.example/own': CANARY };
    const answer = await call[era](at(slug), 'tools/call', { ...paint, _meta: meta }, session);
    expect(answer.body.result).toMatchObject(RESULT);
    const { server, client } = await spansOf(traceId, 2);
    const common = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool', 'lethe.gateway': 'g' };
    expect(server).toMatchObject({
      name: 'tools/call paint',
      parentSpanId: CLIENT.spanId,
      attributes: {
        ...common,
        'gen_ai.tool.name': 'paint',
        'lethe.server': slug,
        'mcp.protocol.version': era === 'legacy' ? '2025-11-25' : '2026-07-28',
        'network.transport': 'tcp',
      },
      resource: { 'service.name': 'lethe-proxy' },
    });
    expect(client).toMatchObject({
      name: 'tools/call draw',
      parentSpanId: server?.spanId,
      attributes: {
        ...common,
        'gen_ai.tool.name': 'draw',
        'mcp.protocol.version': FACTS[slug].protocolVersion,
        'server.address': '127.0.0.1',
        'server.port': expect.any(Number),
      },
    });
    expect([server?.status, client?.status, server?.links]).toEqual([undefined, undefined, undefined]);
    const { message, headers } = received.at(-1) ?? {};
    const sent = `00-${traceId}-${client?.spanId}-01`;
    expect(message?.params).toMatchObject({ name: 'draw', arguments: ARGUMENTS });
    expect(message?.params?.['_meta']).toMatchObject({ ...meta, traceparent: sent });
    expect(headers).toMatchObject({ traceparent: sent, tracestate: STATE });
  });

  it('begin at the HTTP request if the message names no trace, and are linked to it otherwise', async () => {
    verifies('traces.one-trace');
    const { traceId, traceparent } = newParent();
    await legacy(at('legacy'), 'tools/call', paint, { ...HEADERS, traceparent, tracestate: STATE });
    expect((await spansOf(traceId, 2)).server?.parentSpanId).toBe(CLIENT.spanId);
    expect(received.at(-1)?.message.params?.['_meta']).toMatchObject({ tracestate: STATE });
    const own = newParent();
    const meta = { traceparent: own.traceparent };
    await modern(at('modern'), 'tools/call', { ...paint, _meta: meta }, { ...HEADERS, traceparent: OTHER });
    const { server } = await spansOf(own.traceId, 2);
    expect(server?.links).toMatchObject([{ traceId: OTHER.split('-')[1], spanId: OTHER.split('-')[2] }]);
    expect(received.at(-1)?.message.params?.['_meta']).not.toHaveProperty('tracestate');
  });

  it('begin at Lethe if the client has none, also if what it has is none', async () => {
    verifies('traces.one-trace');
    const meta = { traceparent: PARENT.replace(/^00/, 'ff'), tracestate: STATE };
    await legacy(at('legacy'), 'tools/call', { ...paint, _meta: meta }, HEADERS);
    const { traceparent, ...kept } = received.at(-1)?.message.params?.['_meta'] as { traceparent: string };
    expect(kept).toEqual({});
    const [, traceId = '', spanId] = traceparent.split('-');
    const { server, client } = await spansOf(traceId, 2);
    expect([server?.parentSpanId, client?.spanId]).toEqual([undefined, spanId]);
  });

  it.each([
    ['failing', 'tool_error', { code: 2 }],
    ['broken', '-32603', { code: 2 }],
    ['missing', '-32602', undefined],
  ])('tell how a call ended: %s', async (name, type, status) => {
    verifies('traces.one-trace');
    const { traceId, traceparent } = newParent();
    await legacy(at('legacy'), 'tools/call', { ...paint, name, _meta: { traceparent } }, HEADERS);
    const isForwarded = name !== 'missing';
    const { server, client } = await spansOf(traceId, isForwarded ? 2 : 1);
    expect(server?.attributes['error.type']).toBe(type);
    expect(server?.status).toEqual(status);
    if (isForwarded) expect(client).toMatchObject({ attributes: { 'error.type': type }, status });
    else expect(server).toMatchObject({ name: 'tools/call', attributes: { 'lethe.error.code': 'item_unknown' } });
  });

  it('are sampled as the caller says; a call that is not is forwarded as it came', async () => {
    verifies('traces.sampled');
    const { traceparent } = newParent('00');
    const meta = { traceparent, tracestate: STATE };
    const before = collector.spans.length;
    await legacy(at('legacy'), 'tools/call', { ...paint, _meta: meta }, { ...HEADERS, traceparent: OTHER });
    expect(received.at(-1)?.message.params?.['_meta']).toEqual(meta);
    expect(received.at(-1)?.headers).toMatchObject({ traceparent: OTHER });
    const seen = newParent();
    await legacy(at('legacy'), 'tools/call', { ...paint, _meta: { traceparent: seen.traceparent } }, HEADERS);
    await spansOf(seen.traceId, 2);
    expect(collector.spans).toHaveLength(before + 2);
  });

  it('contain nothing that a caller or an upstream sent but names that are published', async () => {
    verifies('traces.no-values');
    for (const [era, slug] of WAYS) {
      const { traceId, traceparent } = newParent();
      const meta = { traceparent, tracestate: STATE, baggage: CANARY };
      const calls = ['paint', 'failing', 'broken', CANARY];
      for (const name of calls) {
        await call[era](at(slug), 'tools/call', { name, arguments: ARGUMENTS, _meta: meta }, HEADERS);
      }
      await call[era](at(slug), 'resources/read', { uri: `file:///${CANARY}?key=${CANARY}`, _meta: meta }, HEADERS);
      await call[era](at(slug), CANARY, { _meta: meta }, HEADERS);
      await eventually(() =>
        expect(collector.spans.filter((span) => span.traceId === traceId).length).toBeGreaterThanOrEqual(6),
      );
    }
    const exported = collector.requests.map(({ body }) => body).join('\n');
    expect(exported).toContain('tools/call paint');
    expect(exported).not.toContain(CANARY);
    expect(exported).not.toContain(Buffer.from(CANARY).toString('base64').replace(/=+$/, ''));
  });
});
