import { randomBytes } from 'node:crypto';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { everythingCatalogue } from '../support/proxy/everything.js';
import { startEverythingUpstream, type Upstream } from '../support/upstreams/index.js';

const token = (): string => `tok_${randomBytes(24).toString('base64url')}`;

describeProxies('a legacy client, through two proxies', 2, ({ proxies, keep, publish }) => {
  const tokens = [token(), token()] as const;
  let upstreams: Upstream[];

  beforeAll(async () => {
    upstreams = await Promise.all(tokens.map(async (token) => keep(await startEverythingUpstream({ token }))));
    const gateways = await Promise.all(
      upstreams.map(async ({ url }, n) => ({
        slug: `g${n}`,
        url,
        ...(await everythingCatalogue(url, { authorization: `Bearer ${tokens[n]}` })),
      })),
    );
    const exposed = Object.fromEntries(
      gateways.flatMap(({ slug, items }) =>
        items
          .filter(({ kind }) => kind === 'tool' || kind === 'prompt')
          .map(({ own }) => [`${slug} ${own}`, `${slug}-${own}`]),
      ),
    );
    await publish({ slug: 'two', gateways, exposed });
  });

  async function connect(name: string, capabilities: object = {}): Promise<Client> {
    const headers = Object.fromEntries(tokens.map((value, n) => [`x-upstream-g${n}-authorization`, `Bearer ${value}`]));
    const asked = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true }, ...capabilities };
    const connected = connectLegacy(`${proxies.url}/servers/two/mcp`, headers, asked, (client) => {
      client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
        model: name,
        role: 'assistant',
        content: { type: 'text', text: `${name} received ${JSON.stringify(params.messages)}` },
      }));
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
        action: 'accept',
        ...(params.mode !== 'url' && { content: { name, check: true } }),
      }));
      client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: `file:///${name}`, name }] }));
    });
    return keep(await connected);
  }
  const text = (answer: unknown): string => JSON.stringify(answer);

  it('gets sampling requests, and may respond to any replica', async () => {
    verifies('legacy.server-requests-on-any-replica');
    const client = await connect('one');
    for (const tool of ['g0-trigger-sampling-request', 'g1-trigger-sampling-request', 'g0-trigger-sampling-request']) {
      const answer = await client.callTool({ name: tool, arguments: { prompt: `by ${tool}`, maxTokens: 7 } });
      expect(text(answer)).toContain('one received');
      expect(text(answer)).toContain(`by ${tool}`);
    }
  });

  it('gets elicitations, in form mode and in URL mode', async () => {
    const client = await connect('two');
    expect(text(await client.callTool({ name: 'g0-trigger-elicitation-request', arguments: {} }))).toContain('two');
    const url = {
      name: 'g1-trigger-url-elicitation',
      arguments: { url: 'https://example.com/', elicitationId: 'e-1' },
    };
    expect(text(await client.callTool(url))).toContain('User completed the URL elicitation');
    const thrown = client.callTool({ ...url, arguments: { ...url.arguments, elicitationId: 'e-2', errorPath: true } });
    await expect(thrown).rejects.toMatchObject({ code: -32042 });
  });

  it('lists its roots, also after they change', async () => {
    let roots = [{ uri: 'file:///before', name: 'before' }];
    const client = await connect('roots');
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
    const ask = async () => text(await client.callTool({ name: 'g1-get-roots-list', arguments: {} }));
    await eventually(async () => expect(await ask()).toContain('file:///before'));
    roots = [{ uri: 'file:///after', name: 'after' }];
    await client.sendRootsListChanged();
    await eventually(async () => expect(await ask()).toContain('file:///after'));
  });

  it('gets updates of the resources it subscribed to, and none after it unsubscribed', async () => {
    const received: string[] = [];
    const client = await connect('subscriber');
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void received.push(params.uri));
    const { resources } = await client.listResources();
    const uri = resources[0]?.uri ?? '';
    await client.subscribeResource({ uri });
    await client.callTool({ name: 'g0-toggle-subscriber-updates', arguments: {} });
    await eventually(() => expect(received).toContain(uri));
    await client.unsubscribeResource({ uri });
    await client.callTool({ name: 'g0-toggle-subscriber-updates', arguments: {} });
    const before = received.length;
    await client.callTool({ name: 'g0-toggle-subscriber-updates', arguments: {} });
    await client.ping();
    expect(received).toHaveLength(before);
  });

  it('gets the log messages of upstreams', async () => {
    const logged: string[] = [];
    const client = await connect('logged');
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }) => void logged.push(text(params.data)),
    );
    await client.setLoggingLevel('debug');
    await client.callTool({ name: 'g1-toggle-simulated-logging', arguments: {} });
    await eventually(() => expect(logged.join()).toContain('message'));
    await client.callTool({ name: 'g1-toggle-simulated-logging', arguments: {} });
  });

  it('gets completions from the gateway that owns the prompt or the template', async () => {
    const client = await connect('three');
    const prompt = { type: 'ref/prompt' as const, name: 'g1-completable-prompt' };
    const { completion } = await client.complete({ ref: prompt, argument: { name: 'department', value: 'S' } });
    expect(completion.values).toEqual(['Sales', 'Support']);
    const { resourceTemplates } = await client.listResourceTemplates();
    const ref = { type: 'ref/resource' as const, uri: resourceTemplates[0]?.uriTemplate ?? '' };
    const ids = await client.complete({ ref, argument: { name: 'resourceId', value: '1' } });
    expect(ids.completion.values.length).toBeGreaterThan(0);
    const unknown = client.complete({
      ref: { ...prompt, name: 'completable-prompt' },
      argument: { name: 'x', value: '' },
    });
    await expect(unknown).rejects.toMatchObject({ code: -32602 });
  });

  it('sets the log level of every upstream that logs', async () => {
    const client = await connect('four');
    const before = upstreams.map(({ received }) => received.length);
    expect(await client.setLoggingLevel('warning')).toEqual({});
    for (const [n, { received }] of upstreams.entries()) {
      const posts = received.slice(before[n]).filter(({ method }) => method === 'POST');
      expect(posts.length).toBeGreaterThan(0);
      expect(new Set(posts.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${tokens[n]}`]));
    }
    await expect(client.setLoggingLevel('loud' as 'info')).rejects.toMatchObject({ code: -32602 });
  });

  it('sees only capabilities that the virtual server has', async () => {
    const client = await connect('five');
    expect(client.getServerCapabilities()).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
    });
  });

  it('sends each upstream its own credential and no other, in every kind of request', () => {
    for (const [n, { received }] of upstreams.entries()) {
      expect(JSON.stringify(received)).toContain(tokens[n]);
      expect(JSON.stringify(received)).not.toContain(tokens[1 - n]);
    }
  });
});
