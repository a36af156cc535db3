import { randomUUID } from 'node:crypto';
import type { EraFacts } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { answersForms, connectAuto, connectLegacy, connectModern } from '../support/mcp-clients.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { openStream } from '../support/proxy/event-stream.js';
import { begin, envelope, legacy, modern, modernRequest, post } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { countingScript, startEverythingUpstream } from '../support/upstreams/index.js';

const SESSIONFUL = { sessionful: true };
const REFUSED = { status: 400, body: { id: 1, error: { code: -32601, data: { reason: 'discover_refused' } } } };
const ANSWERED = { status: 200, body: { result: { supportedVersions: ['2026-07-28'] } } };
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26'];

describeProxies('the eras of a virtual server', 2, ({ keep, publish, serve, serveOne, startUpstream }) => {
  const serveCounting = async (server: object = {}) => {
    const { url } = await serveOne(countingScript().script, { facts: SESSIONFUL, items: [tool('count')] }, server);
    return url;
  };
  const twice = async (client: { callTool(call: { name: string }): Promise<unknown> }) => {
    const answers = [await client.callTool({ name: 'count' }), await client.callTool({ name: 'count' })];
    return answers.map((answer) => JSON.stringify(answer).match(/"text":"(\d)"/)?.[1]);
  };

  it('follow the client by default: one that would lose its session falls back to it', async () => {
    verifies('eras.sessions-kept');
    const client = keep(await connectAuto(await serveCounting()));
    expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
    expect(await twice(client)).toEqual(['1', '2']);
  });

  it('let an upstream with sessions ask the person of a client of both eras', async () => {
    verifies('eras.sessions-kept');
    const everything = keep(await startEverythingUpstream({}));
    const ask = 'trigger-elicitation-request';
    const gateway = { slug: 'everything', url: everything.url, items: [tool(ask)], facts: SESSIONFUL };
    const { url } = await publish({ gateways: [gateway] });
    const client = keep(await connectAuto(url, {}, answersForms({ name: 'Ada' })));
    expect(JSON.stringify(await client.callTool({ name: ask }))).toContain('Ada');
  });

  it('can be both: a modern client is served, without a session', async () => {
    verifies('eras.chosen');
    const url = await serveCounting({ eras: 'both' });
    const client = keep(await connectAuto(url));
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect(await twice(client)).toEqual(['1', '1']);
    const old = keep(await connectLegacy(url, {}));
    expect(await twice(old)).toEqual(['1', '2']);
  });

  it('can be legacy alone, also for modern upstreams: no modern request is served', async () => {
    verifies('eras.chosen');
    const { url, upstream } = await serveOne(
      ({ reply }) => reply({ resultType: 'complete', content: [] }),
      { facts: MODERN_FACTS },
      { eras: 'legacy' },
    );
    expect(await modern(url, 'server/discover')).toMatchObject(REFUSED);
    const unsupported = { code: -32022, data: { supported: LEGACY, requested: '2026-07-28' } };
    for (const [method, params] of [
      ['tools/call', { name: 'echo' }],
      ['tools/list', {}],
      ['subscriptions/listen', { notifications: { toolsListChanged: true } }],
      ['no/such', {}],
    ] as const) {
      expect(await modern(url, method, params)).toMatchObject({ status: 400, body: { id: 1, error: unsupported } });
    }
    const tooOld = await legacy(url, 'tools/list', {}, { 'mcp-protocol-version': '2024-10-07' });
    expect(tooOld.body.error).toMatchObject({ code: -32022, data: { supported: LEGACY, requested: '2024-10-07' } });
    expect(upstream.received).toEqual([]);
    const client = keep(await connectAuto(url));
    expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
    expect((await client.callTool({ name: 'echo' })).content).toEqual([]);
    await expect(connectModern(url, {})).rejects.toThrow();
  });

  it('end the streams of modern clients when they become legacy', async () => {
    verifies('eras.chosen');
    const { url: upstream } = await startUpstream(countingScript().script);
    const draft = {
      id: randomUUID(),
      slug: 'becomes',
      gateways: [{ id: randomUUID(), slug: 'g', url: upstream, items: [tool('t')] }],
    };
    const { url } = await publish(draft);
    const params = { notifications: { toolsListChanged: true } };
    const stream = keep(await openStream(url, modernRequest('subscriptions/listen', params)));
    expect((await stream.message()).body).toMatchObject({ method: 'notifications/subscriptions/acknowledged' });
    await publish({ ...draft, eras: 'legacy' });
    await stream.ended();
    // The other replica may be a moment later.
    await eventually(async () =>
      expect(await modern(url, 'subscriptions/listen', params)).toMatchObject({ status: 400 }),
    );
  });

  it('depend, by default, on gateways that are open, speak the legacy era alone and keep sessions', async () => {
    verifies('eras.chosen');
    const upstream = await startUpstream(countingScript().script);
    const gateway = (slug: string, more: Partial<GatewayDraft>): GatewayDraft => ({
      ...{ slug, url: upstream.url, items: [tool(slug)] },
      ...more,
    });
    const keeps = gateway('keeps', { facts: SESSIONFUL });
    const now = gateway('now', { facts: MODERN_FACTS });
    const otherEra: EraFacts = {
      era: 'legacy',
      protocolVersion: '2025-11-25',
      sessionful: true,
      listScope: 'unknown',
      serverInfo: {},
      capabilities: {},
    };
    const cases: [expected: object, gateways: GatewayDraft[]][] = [
      [REFUSED, [keeps]],
      [REFUSED, [now, keeps]],
      [ANSWERED, [now]],
      [ANSWERED, [gateway('without', {})]],
      [ANSWERED, [gateway('dual', { facts: { ...MODERN_FACTS, otherEra } })]],
      [ANSWERED, [now, { ...keeps, enabled: false }]],
      [ANSWERED, [now, { ...keeps, receiptSays: { url: 'http://127.0.0.1:9/other' } }]],
    ];
    for (const [expected, gateways] of cases) {
      const { url } = await publish({ gateways });
      expect(await modern(url, 'server/discover')).toMatchObject(expected);
    }
  });

  it('say in the refusal which gateways keep sessions, and what to change', async () => {
    verifies('eras.chosen');
    const { url } = await serve([
      await startUpstream(countingScript().script),
      await startUpstream(countingScript().script),
    ]);
    const { error } = (await modern(url, 'server/discover')).body;
    expect(error.message).toMatch(/"eras".*"both"/);
    expect(error.data).toEqual({ reason: 'discover_refused', eras: 'auto', gateways: ['g0', 'g1'] });
    // A version of the future is no reason to be told that this one is supported.
    const params = { _meta: envelope({}, '2099-01-01') };
    const future = await post(url, { jsonrpc: '2.0', id: 1, method: 'server/discover', params });
    expect(future).toMatchObject(REFUSED);
  });

  it('do not stop modern requests that come without discovery: they are translated', async () => {
    verifies('eras.translated');
    const url = await serveCounting();
    expect((await modern(url, 'tools/list')).body.result.tools).toMatchObject([{ name: 'count' }]);
    expect((await modern(url, 'tools/call', { name: 'count' })).body.result.content[0]?.text).toBe('1');
    const session = await begin(url);
    expect((await legacy(url, 'tools/call', { name: 'count' }, session)).body.result.content[0]?.text).toBe('1');
  });
});
