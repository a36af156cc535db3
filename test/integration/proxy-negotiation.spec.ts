import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

describeProxies('what is agreed on each hop', 2, ({ publish, serve, startUpstream }) => {
  it.each([
    ['2025-11-25', '2025-03-26', '2025-11-25'],
    ['2025-06-18', '2025-03-26', '2025-06-18'],
    ['2025-03-26', '2025-03-26', '2025-03-26'],
  ])('is a version for each hop: a client of %s, upstreams of %s and %s', async (asked, first, second) => {
    verifies('versions.per-hop');
    const received: Record<string, unknown[]> = { old: [], new: [] };
    const speaking = (slug: string, most: string): UpstreamScript => {
      const script = legacyScript({ sessionId: `s-${slug}`, results: { 'tools/call': { content: [] } } });
      return (exchange) => {
        const { message, request, reply } = exchange;
        received[slug]?.push(request.headers['mcp-protocol-version']);
        if (message.method !== 'initialize') return script(exchange);
        const wanted = String(message.params?.['protocolVersion']);
        const protocolVersion = wanted < most ? wanted : most;
        received[slug]?.splice(0);
        reply(
          { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: slug, version: '1' } },
          {
            'mcp-session-id': `s-${slug}`,
          },
        );
      };
    };
    const upstreams = [
      await startUpstream(speaking('old', '2025-03-26')),
      await startUpstream(speaking('new', '2025-11-25')),
    ];
    const { url } = await serve(upstreams);
    const params = { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const answer = await legacy(url, 'initialize', params);
    expect(answer.body.result).toMatchObject({ protocolVersion: asked });
    const session = answer.headers.get('mcp-session-id') ?? '';
    const headers = { 'mcp-session-id': session, 'mcp-protocol-version': asked };
    for (const name of ['t0', 't1']) {
      expect((await legacy(url, 'tools/call', { name }, headers)).body.result.content).toEqual([]);
    }
    // The initialized notification, and the call.
    expect(received).toEqual({ old: [first, first], new: [second, second] });
  });

  it.each([
    ['legacy', connectLegacy, { sessionful: false }],
    ['modern', connectModern, MODERN_FACTS],
  ] as const)('is the name of the virtual server, not that of an upstream (%s)', async (_era, connect, facts) => {
    const script = legacyScript({ serverInfo: { name: 'upstream' }, instructions: 'Of the upstream.' });
    const members = [await startUpstream(script), await startUpstream(script)];
    const server = { slug: `called-${_era}`, name: 'Our tools', instructions: 'Be kind.' };
    const client = await connect((await serve(members, server, { facts })).url, {});
    expect(client.getServerVersion()).toMatchObject({ name: server.slug, title: 'Our tools' });
    expect(client.getInstructions()).toBe('Be kind.');
    await client.close();
  });

  it('are the parameter headers of modern clients: they must equal the arguments of the tool', async () => {
    verifies('headers.match-the-body');
    const received: unknown[] = [];
    const upstream = await startUpstream(({ request, reply }) => {
      received.push(request.headers['mcp-param-region'], request.headers['mcp-param-count']);
      reply({ resultType: 'complete', content: [] });
    });
    const properties = {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      count: { type: 'integer', 'x-mcp-header': 'Count' },
    };
    const definition = { name: 't0', inputSchema: { type: 'object', properties } };
    const gateway: GatewayDraft = {
      slug: 'g0',
      url: upstream.url,
      items: [{ kind: 'tool', own: 't0', definition }],
      facts: MODERN_FACTS,
    };
    const { url } = await publish({ gateways: [gateway] });
    const call = (given: object, headers: object) =>
      modern(url, 'tools/call', { name: 't0', arguments: given }, headers);
    const wrong: [given: object, headers: object][] = [
      [{ region: 'north' }, {}],
      [{ region: 'north' }, { 'mcp-param-region': 'south' }],
      [
        { region: 'north', count: 2 },
        { 'mcp-param-region': 'north', 'mcp-param-count': '3' },
      ],
    ];
    for (const [given, headers] of wrong) {
      expect(await call(given, headers)).toMatchObject({ status: 400, body: { id: 1, error: { code: -32020 } } });
    }
    expect(received).toEqual([]);
    const right = await call({ region: 'north', count: 2 }, { 'mcp-param-region': 'north', 'mcp-param-count': '2' });
    expect(right.body.result.content).toEqual([]);
    expect(received).toEqual(['north', '2']);
    // Legacy clients mirror nothing: it is written for them.
    await legacy(url, 'tools/call', { name: 't0', arguments: { region: 'north', count: 2 } });
    expect(received.slice(2)).toEqual(['north', '2']);
  });
});
