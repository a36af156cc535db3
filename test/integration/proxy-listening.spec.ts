import type { McpSubscription } from '@modelcontextprotocol/client';
import {
  PromptListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answersForms, connectLegacy, connectModern } from '../support/mcp-clients.js';
import { startProxies, type Proxies } from '../support/proxies.js';
import { modern } from '../support/proxy/rpc.js';
import { type GatewayDraft, tool } from '../support/published-routes.js';
import { modernItems } from '../support/upstream-items.js';
import {
  addAskingTools,
  legacyScript,
  startModernUpstream,
  startScriptedUpstream,
  type ScriptedExchange,
  type Upstream,
} from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

type Client = Awaited<ReturnType<typeof connectModern>>;

describe('what modern clients hear and are asked, over two proxies', () => {
  let proxies: Proxies;
  let first: Awaited<ReturnType<typeof startModernUpstream>>;
  let second: Awaited<ReturnType<typeof startModernUpstream>>;
  let old: Upstream;
  /** The open GET stream of the legacy upstream. */
  let said: ScriptedExchange['response'] | undefined;
  const posted: string[] = [];
  const clients: Client[] = [];
  let gateways: GatewayDraft[];

  beforeAll(async () => {
    const answers = {
      GET: ({ response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        said = response;
      },
      'resources/subscribe': ({ message, reply }: ScriptedExchange) => {
        posted.push(String(message.params?.['uri']));
        reply({});
      },
    };
    [proxies, first, second, old] = await Promise.all([
      startProxies(2),
      startModernUpstream({ name: 'first', extend: addAskingTools }),
      startModernUpstream({ name: 'second', token: 'theirs', extend: addAskingTools }),
      startScriptedUpstream(legacyScript({ sessionId: 's-1', answers })),
    ]);
    const changing = { listChanged: true };
    const capabilities = { tools: changing, prompts: changing, resources: { ...changing, subscribe: true } };
    const modern = { era: 'modern', protocolVersion: '2026-07-28', capabilities } as const;
    gateways = [
      { slug: 'first', url: first.url, items: await modernItems(first.url, ''), facts: modern },
      { slug: 'second', url: second.url, items: await modernItems(second.url, 'theirs'), facts: modern },
      {
        slug: 'old',
        url: old.url,
        items: [{ kind: 'resource', own: 'old://r', definition: { uri: 'old://r', name: 'r' } }],
        facts: { sessionful: true, capabilities },
      },
    ];
    await proxies.routes.publish({ slug: 'all', gateways });
    await eventually(async () => {
      for (const { url } of proxies.replicas) expect((await fetch(`${url}/servers/all/mcp`)).status).not.toBe(404);
    });
  });
  afterEach(() => Promise.allSettled(clients.splice(0).map((client) => client.close())));
  afterAll(() => Promise.allSettled([proxies?.close(), first?.close(), second?.close(), old?.close()]));

  const theirs = { 'x-upstream-second-authorization': 'Bearer theirs' };

  async function connect(headers: Record<string, string> = theirs, prepare?: (client: Client) => void) {
    const client = await connectModern(`${proxies.url}/servers/all/mcp`, headers, prepare);
    clients.push(client);
    return client;
  }

  /** What a client hears, as `method uri`. */
  async function listening(client: Client, filter: Parameters<Client['listen']>[0]) {
    const heard: string[] = [];
    for (const list of ['tools', 'prompts', 'resources'] as const)
      client.setNotificationHandler(`notifications/${list}/list_changed`, ({ method }) => void heard.push(method));
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
    const subscription: McpSubscription = await client.listen(filter);
    return { heard, subscription };
  }

  it('hear the news of all upstreams on one stream, and only what they asked for', async () => {
    verifies('listening.merged');
    const client = await connect();
    const before = second.received.length;
    const uris = ['first://note', 'second://note', 'old://r', 'nobody://x'];
    const { heard, subscription } = await listening(client, { toolsListChanged: true, resourceSubscriptions: uris });
    expect(subscription.honoredFilter).toEqual({ toolsListChanged: true, resourceSubscriptions: uris.slice(0, 3) });
    expect(posted).toEqual(['old://r']);
    expect(second.received.slice(before).map(({ headers }) => headers.authorization)).toEqual(['Bearer theirs']);
    first.notify.promptsChanged();
    first.notify.resourceUpdated('second://note');
    first.notify.resourceUpdated('first://note');
    await eventually(() => expect(heard).toEqual(['first://note']));
    second.notify.resourceUpdated('second://note');
    await eventually(() => expect(heard).toEqual(['first://note', 'second://note']));
    second.notify.toolsChanged();
    await eventually(() => expect(heard.at(-1)).toBe('notifications/tools/list_changed'));
    const updated = { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'old://r' } };
    said?.write(`data: ${JSON.stringify(updated)}\n\n`);
    await eventually(() => expect(heard.at(-1)).toBe('old://r'));
    await subscription.close();
    await eventually(() => expect(old.received.at(-1)?.method).toBe('DELETE'));
  });

  it('hear what they can when an upstream’s credential is missing or it goes away', async () => {
    const client = await connect({});
    const uris = ['first://note', 'second://note'];
    const { heard, subscription } = await listening(client, { resourceSubscriptions: uris });
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: ['first://note'] });
    first.notify.resourceUpdated('first://note');
    await eventually(() => expect(heard).toEqual(['first://note']));
  });

  it('are told of a credential that can not be used, and listen to nothing without it', async () => {
    const filter = { notifications: { toolsListChanged: true } };
    const headers = { 'x-upstream-authorization': 'Bearer whose' };
    const { body } = await modern(`${proxies.url}/servers/all/mcp`, 'subscriptions/listen', filter, headers);
    expect(body.error.data).toMatchObject({ reason: 'credential_ambiguous' });
  });

  it('are joined by legacy clients, whose stream tells of the lists of modern upstreams', async () => {
    const heard: string[] = [];
    const client = await connectLegacy(`${proxies.url}/servers/all/mcp`, theirs);
    const told = (list: string) => () => void heard.push(list);
    client.setNotificationHandler(ToolListChangedNotificationSchema, told('tools'));
    client.setNotificationHandler(PromptListChangedNotificationSchema, told('prompts'));
    const before = second.received.length;
    await eventually(() => {
      second.notify.toolsChanged();
      expect(heard).toContain('tools');
    });
    expect(second.received.slice(before - 1).at(-1)?.headers.authorization).toBe('Bearer theirs');
    first.notify.promptsChanged();
    await eventually(() => expect(heard).toContain('prompts'));
    await client.close();
  });

  it('hear of changes of the virtual server itself, and listen anew when its gateways change', async () => {
    const slug = 'changing';
    const own = { slug: 'own', url: old.url, items: [tool('one')] };
    await proxies.routes.publish({ slug, id: 'changing-id', gateways: [own] });
    const url = `${proxies.url}/servers/${slug}/mcp`;
    await eventually(async () => expect((await fetch(url)).status).not.toBe(404));
    const client = await connectModern(url, {});
    clients.push(client);
    const { heard, subscription } = await listening(client, { toolsListChanged: true, promptsListChanged: true });
    await proxies.routes.publish({ slug, id: 'changing-id', gateways: [{ ...own, items: [tool('two')] }] });
    await eventually(() => expect(heard).toEqual(['notifications/tools/list_changed']));
    // The test's gateways get new ids with each publication.
    expect(await subscription.closed).toBe('graceful');
  });

  it('are asked by an upstream, and their answers and its state come back untouched', async () => {
    const client = await connect(theirs, answersForms({ sure: true }));
    const answer = await client.callTool({ name: 'confirm', arguments: { what: 'this' } });
    expect(answer.content).toEqual([{ type: 'text', text: 'this: true, state of this' }]);
  });

  it('are told accurately which capability a call needs', async () => {
    const client = await connect();
    const call = client.callTool({ name: 'confirm', arguments: { what: 'that' } });
    await expect(call).rejects.toMatchObject({ code: -32021, data: { requiredCapabilities: { elicitation: {} } } });
  });
});
