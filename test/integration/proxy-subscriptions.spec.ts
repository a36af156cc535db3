import type { McpSubscription } from '@modelcontextprotocol/client';
import {
  PromptListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answersForms, connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { openStream } from '../support/proxy/event-stream.js';
import { modern, modernRequest } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { modernItems } from '../support/upstream-items.js';
import {
  addInputRequiredTools,
  legacyScript,
  startModernUpstream,
  type ScriptedExchange,
  type Upstream,
} from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

type Client = Awaited<ReturnType<typeof connectModern>>;

describeProxies('the subscriptions of modern clients', 2, ({ proxies, keep, publish, startUpstream }) => {
  let first: Awaited<ReturnType<typeof startModernUpstream>>;
  let second: Awaited<ReturnType<typeof startModernUpstream>>;
  let old: Upstream;
  /** The open GET stream of the legacy upstream. */
  let getStream: ScriptedExchange['response'] | undefined;
  const subscribed: string[] = [];
  let gateways: GatewayDraft[];

  beforeAll(async () => {
    const answers = {
      GET: ({ response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        getStream = response;
      },
      'resources/subscribe': ({ message, reply }: ScriptedExchange) => {
        subscribed.push(String(message.params?.['uri']));
        reply({});
      },
    };
    [first, second, old] = await Promise.all([
      startModernUpstream({ name: 'first', extend: addInputRequiredTools }).then(keep),
      startModernUpstream({ name: 'second', token: 'theirs', extend: addInputRequiredTools }).then(keep),
      startUpstream(legacyScript({ sessionId: 's-1', answers })),
    ]);
    const changing = { listChanged: true };
    const capabilities = { tools: changing, prompts: changing, resources: { ...changing, subscribe: true } };
    const modern = { ...MODERN_FACTS, capabilities };
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
    await publish({ slug: 'all', gateways, eras: 'both' });
  });

  const theirs = { 'x-upstream-second-authorization': 'Bearer theirs' };

  async function connect(headers: Record<string, string> = theirs, prepare?: (client: Client) => void) {
    return keep(await connectModern(`${proxies.url}/servers/all/mcp`, headers, prepare));
  }

  /** The notifications that a client receives: the URI of an updated resource, or the method. */
  async function listening(client: Client, filter: Parameters<Client['listen']>[0]) {
    const received: string[] = [];
    for (const list of ['tools', 'prompts', 'resources'] as const)
      client.setNotificationHandler(`notifications/${list}/list_changed`, ({ method }) => void received.push(method));
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void received.push(params.uri));
    const subscription: McpSubscription = await client.listen(filter);
    return { received, subscription };
  }

  it('bring the notifications of all upstreams on one stream, and only those that were asked for', async () => {
    verifies('subscriptions.merged');
    const client = await connect();
    const before = second.received.length;
    const uris = ['first://note', 'second://note', 'old://r', 'nobody://x'];
    const { received, subscription } = await listening(client, { toolsListChanged: true, resourceSubscriptions: uris });
    expect(subscription.honoredFilter).toEqual({ toolsListChanged: true, resourceSubscriptions: uris.slice(0, 3) });
    expect(subscribed).toEqual(['old://r']);
    expect(second.received.slice(before).map(({ headers }) => headers.authorization)).toEqual(['Bearer theirs']);
    first.notify.promptsChanged();
    first.notify.resourceUpdated('second://note');
    first.notify.resourceUpdated('first://note');
    await eventually(() => expect(received).toEqual(['first://note']));
    second.notify.resourceUpdated('second://note');
    await eventually(() => expect(received).toEqual(['first://note', 'second://note']));
    second.notify.toolsChanged();
    await eventually(() => expect(received.at(-1)).toBe('notifications/tools/list_changed'));
    const updated = { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'old://r' } };
    getStream?.write(`data: ${JSON.stringify(updated)}\n\n`);
    await eventually(() => expect(received.at(-1)).toBe('old://r'));
    await subscription.close();
    await eventually(() => expect(old.received.at(-1)?.method).toBe('DELETE'));
  });

  it('leave out an upstream whose credential is missing', async () => {
    const client = await connect({});
    const uris = ['first://note', 'second://note'];
    const { received, subscription } = await listening(client, { resourceSubscriptions: uris });
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: ['first://note'] });
    first.notify.resourceUpdated('first://note');
    await eventually(() => expect(received).toEqual(['first://note']));
  });

  describe('do not wait for a gateway', () => {
    const changes = { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } };
    const CHANGED = { method: 'notifications/tools/list_changed' };
    const legacyFacts = { sessionful: true, ...changes };
    const note = { kind: 'resource', own: 'late://r', definition: { uri: 'late://r', name: 'r' } } as const;

    /** An upstream that holds back what it says on streams until it is released. */
    function holding() {
      let held: (() => void) | undefined;
      let stream: ScriptedExchange['response'] | undefined;
      const hold = ({ response }: ScriptedExchange, first: string): void => {
        stream = response;
        held = () => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first);
      };
      return {
        hold,
        isAsked: () => held !== undefined,
        release: () => held?.(),
        send: (event: object) => send(stream, event),
      };
    }
    const send = (stream: ScriptedExchange['response'] | undefined, event: object): void =>
      void stream?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...event })}\n\n`);
    const acknowledgement = (id: unknown): string =>
      `data: ${JSON.stringify({
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { toolsListChanged: true, resourceSubscriptions: ['late://r'] },
          _meta: { 'io.modelcontextprotocol/subscriptionId': id },
        },
      })}\n\n`;

    it.each(['legacy', 'modern'] as const)(
      'whose stream never begins (%s), and take it in when it comes',
      async (era) => {
        verifies('subscriptions.wait-for-nobody');
        const late = holding();
        const upstream = await startUpstream(
          era === 'legacy'
            ? legacyScript({
                sessionId: 's-1',
                results: { 'resources/subscribe': {} },
                answers: { GET: (exchange) => late.hold(exchange, ': hello\n\n') },
              })
            : (exchange) => late.hold(exchange, acknowledgement(exchange.message.id)),
        );
        const facts = era === 'legacy' ? legacyFacts : { ...MODERN_FACTS, ...changes };
        const { url } = await publish({
          gateways: [
            { slug: 'late', url: upstream.url, items: [tool('t'), note], facts },
            { slug: 'down', url: 'http://127.0.0.1:1/mcp', items: [tool('d')], facts: legacyFacts },
            ...gateways.slice(0, 1),
          ],
          eras: 'both',
        });
        const uris = ['late://r', 'first://note'];
        const filter = { notifications: { toolsListChanged: true, resourceSubscriptions: uris } };
        const before = performance.now();
        const stream = keep(await openStream(url, modernRequest('subscriptions/listen', filter)));
        const { body } = await stream.message();
        expect(performance.now() - before).toBeLessThan(2_500);
        expect(body['params']).toEqual({
          notifications: { toolsListChanged: true, resourceSubscriptions: ['first://note'] },
          _meta: {
            'io.modelcontextprotocol/subscriptionId': 1,
            'lethe/leftOut': [
              {
                ...{ gateway: 'late', reason: 'upstream_unreachable', why: 'timeout' },
                message: 'The upstream of "late" did not respond in time',
              },
              {
                ...{ gateway: 'down', reason: 'upstream_unreachable', why: 'refused' },
                message: expect.stringMatching(/^The upstream of "down" was not reached/) as string,
              },
            ],
          },
        });
        first.notify.resourceUpdated('first://note');
        expect((await stream.message()).body).toMatchObject({ params: { uri: 'first://note' } });
        expect(late.isAsked()).toBe(true);
        late.release();
        expect((await stream.message()).body).toMatchObject(CHANGED);
        late.send({ method: 'notifications/resources/updated', params: { uri: 'late://r' } });
        expect((await stream.message()).body).toMatchObject({ params: { uri: 'late://r' } });
      },
    );

    it('that is down, and take it in when it is up', async () => {
      verifies('subscriptions.wait-for-nobody');
      let isDown = true;
      const upstream = await startUpstream(({ message, response }) => {
        if (isDown) return void response.writeHead(503).end();
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(acknowledgement(message.id));
      });
      const facts = { ...MODERN_FACTS, ...changes };
      const { url } = await publish({ gateways: [{ slug: 'late', url: upstream.url, items: [tool('t')], facts }] });
      const filter = { notifications: { toolsListChanged: true } };
      const stream = keep(await openStream(url, modernRequest('subscriptions/listen', filter)));
      expect((await stream.message()).body).toMatchObject({
        params: { _meta: { 'lethe/leftOut': [{ gateway: 'late', reason: 'upstream_unavailable' }] } },
      });
      isDown = false;
      expect((await stream.message()).body).toMatchObject(CHANGED);
    });

    it('that offers none, and ask it once', async () => {
      const upstream = await startUpstream(({ response }) => void response.writeHead(401).end());
      const facts = { ...MODERN_FACTS, ...changes };
      const { url } = await publish({ gateways: [{ slug: 'shut', url: upstream.url, items: [tool('t')], facts }] });
      const filter = { notifications: { toolsListChanged: true } };
      const stream = keep(await openStream(url, modernRequest('subscriptions/listen', filter)));
      const { params } = (await stream.message()).body;
      expect(params).toMatchObject({ _meta: { 'lethe/leftOut': [{ gateway: 'shut' }] } });
      expect(upstream.received).toHaveLength(1);
    });
  });

  it('fail when a credential is ambiguous', async () => {
    const filter = { notifications: { toolsListChanged: true } };
    const headers = { 'x-upstream-authorization': 'Bearer whose' };
    const { body } = await modern(`${proxies.url}/servers/all/mcp`, 'subscriptions/listen', filter, headers);
    expect(body.error.data).toMatchObject({ reason: 'credential_ambiguous' });
  });

  it('bring list changes of modern upstreams to the stream of legacy clients too', async () => {
    const received: string[] = [];
    const client = await connectLegacy(`${proxies.url}/servers/all/mcp`, theirs);
    const onListChanged = (list: string) => () => void received.push(list);
    client.setNotificationHandler(ToolListChangedNotificationSchema, onListChanged('tools'));
    client.setNotificationHandler(PromptListChangedNotificationSchema, onListChanged('prompts'));
    const before = second.received.length;
    await eventually(() => {
      second.notify.toolsChanged();
      expect(received).toContain('tools');
    });
    expect(second.received.slice(before - 1).at(-1)?.headers.authorization).toBe('Bearer theirs');
    first.notify.promptsChanged();
    await eventually(() => expect(received).toContain('prompts'));
    await client.close();
  });

  it('bring changes of the virtual server itself, and end when its gateways change', async () => {
    const slug = 'changing';
    const own = { slug: 'own', url: old.url, items: [tool('one')] };
    const { url } = await publish({ slug, id: 'changing-id', gateways: [own] });
    const client = keep(await connectModern(url, {}));
    const { received, subscription } = await listening(client, { toolsListChanged: true, promptsListChanged: true });
    await proxies.routes.publish({ slug, id: 'changing-id', gateways: [{ ...own, items: [tool('two')] }] });
    await eventually(() => expect(received).toEqual(['notifications/tools/list_changed']));
    // The test's gateways get new ids with each publication.
    expect(await subscription.closed).toBe('graceful');
  });

  it('do not disturb input requests: responses and request state come back unchanged', async () => {
    const client = await connect(theirs, answersForms({ sure: true }));
    const answer = await client.callTool({ name: 'confirm', arguments: { what: 'this' } });
    expect(answer.content).toEqual([{ type: 'text', text: 'this: true, state of this' }]);
  });

  it('do not disturb the error that names a missing capability', async () => {
    const client = await connect();
    const call = client.callTool({ name: 'confirm', arguments: { what: 'that' } });
    await expect(call).rejects.toMatchObject({ code: -32021, data: { requiredCapabilities: { elicitation: {} } } });
  });
});
