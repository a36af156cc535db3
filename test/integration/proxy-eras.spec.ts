import type { ConditionalCapability } from '@lethe/contracts';
import { META } from '@lethe/mcp';
import { McpServer } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import type { Announcer } from '../conformance/upstream/announcer.js';
import { startEraSwitched } from '../conformance/upstream/era-switched-upstream.js';
import { verifies } from '../requirements.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import { dualScript, type EraScript, type Upstream } from '../support/upstreams/index.js';
import { verifiedGateway } from '../support/verified-gateway.js';

const URI = 'note://1';

/** Counts its own calls: a legacy session has a server of its own, and so has every modern request. */
function countingServer(announcer: Announcer): McpServer {
  const capabilities = { logging: {}, resources: { subscribe: true } };
  const server = new McpServer({ name: 'counting', version: '1' }, { capabilities });
  let calls = 0;
  server.registerTool('count', { description: 'Counts' }, () => {
    calls += 1;
    announcer.resourceUpdated(URI);
    return { content: [{ type: 'text', text: String(calls) }] };
  });
  server.registerResource('note', URI, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'a note' }] }));
  return server;
}

const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
const offering = (era: string, ...tools: object[]): EraScript => {
  const call = { content: [{ type: 'text', text: era }] };
  return () => ({ 'tools/list': { tools }, 'tools/call': call });
};
const names = ({ tools }: { tools: { name: string }[] }): string[] => tools.map(({ name }) => name);

describeProxies('an upstream of both eras', 2, ({ keep, publish, startUpstream }) => {
  const serveBoth = async (upstream: Upstream) => publish({ gateways: [await verifiedGateway('both', upstream.url)] });
  const count = async (client: { callTool(params: { name: string }): Promise<unknown> }): Promise<string> => {
    const { content } = (await client.callTool({ name: 'count' })) as { content: { text: string }[] };
    return content[0]?.text ?? '';
  };

  it('keeps the session of a legacy client, with its state, its log level and its subscriptions', async () => {
    verifies('eras.relayed');
    const upstream = keep(await startEraSwitched('both', countingServer));
    const { url } = await serveBoth(upstream);
    const client = await connectLegacy(url, {});
    expect(client.getServerCapabilities()).toMatchObject({ logging: {}, resources: { subscribe: true } });
    const updated = new Promise(
      (resolve) =>
        (client.fallbackNotificationHandler = async ({ method, params }) => {
          if (method === 'notifications/resources/updated') resolve(params);
        }),
    );
    await client.setLoggingLevel('info');
    await client.subscribeResource({ uri: URI });
    upstream.received.length = 0;
    expect([await count(client), await count(client), await count(client)]).toEqual(['1', '2', '3']);
    expect(upstream.received.filter(({ method }) => method === 'POST')).toHaveLength(3);
    expect(upstream.received.every(({ headers }) => headers['mcp-session-id'] !== undefined)).toBe(true);
    expect(await updated).toMatchObject({ uri: URI });
    await client.close();
  });

  it('gets each call of a modern client as it is, without a session', async () => {
    verifies('eras.relayed');
    const upstream = keep(await startEraSwitched('both', countingServer));
    const { url } = await serveBoth(upstream);
    const client = await connectModern(url, {});
    upstream.received.length = 0;
    expect([await count(client), await count(client)]).toEqual(['1', '1']);
    expect(upstream.received.map(({ headers }) => headers['mcp-protocol-version'])).toEqual([
      '2026-07-28',
      '2026-07-28',
    ]);
    await client.close();
  });

  it('gets the call of an item in the only era that has it, and shows each client its own definition', async () => {
    verifies('eras.relayed');
    const upstream = await startUpstream(
      dualScript({
        modern: offering('modern', tool('new'), tool('shared', { title: 'of 2026' })),
        legacy: offering('legacy', tool('old'), tool('shared', { title: 'of 2025' })),
      }),
    );
    const { url } = await serveBoth(upstream);
    const session = await begin(url);
    const found = {
      legacy: await legacy(url, 'tools/list', {}, session),
      modern: await modern(url, 'tools/list'),
    };
    expect(names(found.legacy.body.result)).toEqual(['new', 'shared', 'old']);
    expect(found.legacy.body.result.tools[1]).toMatchObject({ title: 'of 2025' });
    expect(found.modern.body.result.tools[1]).toMatchObject({ title: 'of 2026' });
    const answered = async (name: string) => {
      const answers = [await legacy(url, 'tools/call', { name }, session), await modern(url, 'tools/call', { name })];
      return answers.map(({ body }) => body.result.content[0]?.text);
    };
    expect(await answered('shared')).toEqual(['legacy', 'modern']);
    expect(await answered('old')).toEqual(['legacy', 'legacy']);
    expect(await answered('new')).toEqual(['modern', 'modern']);
  });

  /** FastMCP 4.2.3 as a proxy of an older server. */
  it('is called in the legacy era by every client where its modern lists are empty', async () => {
    const upstream = await startUpstream(
      dualScript({ modern: offering('modern'), legacy: offering('legacy', tool('a')) }),
    );
    const { url } = await serveBoth(upstream);
    const called = [await legacy(url, 'tools/call', { name: 'a' }), await modern(url, 'tools/call', { name: 'a' })];
    expect(called.map(({ body }) => body.result.content[0]?.text)).toEqual(['legacy', 'legacy']);
  });
});

const ASKING: Readonly<Record<string, ConditionalCapability | undefined>> = {
  plain: undefined,
  rooted: 'roots',
  asking: 'elicitation',
  linking: 'elicitation.url',
};
/** Lists what its client can do; a call of anything else is an error. */
const conditional: EraScript = (capabilities) => {
  const { roots, elicitation } = capabilities as { roots?: object; elicitation?: { url?: object } };
  const declared = new Set([
    undefined,
    roots && 'roots',
    elicitation && 'elicitation',
    elicitation?.url && 'elicitation.url',
  ]);
  const tools = Object.keys(ASKING).filter((name) => declared.has(ASKING[name]));
  return {
    'tools/list': { tools: tools.map((name) => tool(name)), cacheScope: 'public' },
    'prompts/list': { prompts: [{ name: 'hello' }], cacheScope: 'public' },
    'tools/call': { content: [{ type: 'text', text: tools.join(' ') }] },
  };
};
const VARIANTS: [declared: Record<string, object>, shown: string[]][] = [
  [{}, ['plain']],
  [{ sampling: {} }, ['plain']],
  [{ roots: { listChanged: true } }, ['plain', 'rooted']],
  [{ elicitation: {} }, ['plain', 'asking']],
  [{ elicitation: { form: {} } }, ['plain', 'asking']],
  [{ roots: {}, elicitation: { form: {}, url: {} } }, ['plain', 'rooted', 'asking', 'linking']],
];

describeProxies('conditional items', 2, ({ proxies, publish, startUpstream }) => {
  const declaring = (capabilities: object) => ({ _meta: { [META.clientCapabilities]: capabilities } });

  it.each(['catalogue', 'live'] as const)(
    'are in the lists (%s) of clients that declare what they need',
    async (listing) => {
      verifies('eras.conditional-listed');
      const upstream = await startUpstream(dualScript({ modern: conditional, legacy: conditional }));
      const gateway = await verifiedGateway('up', upstream.url);
      const { path } = await publish({ gateways: [{ ...gateway, listing }] });
      for (const replica of proxies.replicas) {
        const url = replica.url + path;
        // Twice: the second time from what the replica remembers.
        for (const [declared, shown] of [...VARIANTS, ...VARIANTS.toReversed()]) {
          const session = await begin(url, {}, declared);
          expect(names((await legacy(url, 'tools/list', {}, session)).body.result)).toEqual(shown);
          const { result } = (await modern(url, 'tools/list', declaring(declared))).body;
          expect(names(result)).toEqual(shown);
          expect(result).toMatchObject({ cacheScope: 'private' });
        }
      }
    },
  );

  it('are called as any other, and other lists of the server stay the same for everyone', async () => {
    const upstream = await startUpstream(dualScript({ modern: conditional, legacy: conditional }));
    const { url } = await publish({ gateways: [await verifiedGateway('up', upstream.url)] });
    const declared = { elicitation: { form: {}, url: {} } };
    const session = await begin(url, {}, declared);
    const params = { name: 'linking' };
    const answers = [
      await legacy(url, 'tools/call', params, session),
      await modern(url, 'tools/call', { ...params, ...declaring(declared) }),
    ];
    expect(answers.map(({ body }) => body.result.content[0]?.text)).toEqual(Array(2).fill('plain asking linking'));
    const prompts = (await modern(url, 'prompts/list')).body.result;
    expect(prompts).toMatchObject({ prompts: [{ name: 'hello' }] });
  });
});
