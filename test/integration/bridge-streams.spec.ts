import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as forward } from 'node:http';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { bundleLethe, type BridgeStart, startLegacy, startModern } from '../support/bridge/bridge-process.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { startRoundRobin } from '../support/round-robin.js';
import { startTcpRelay } from '../support/tcp-relay.js';
import { modernItems } from '../support/upstream-items.js';
import {
  addAskingTools,
  addInputRequiredTools,
  beginEvents,
  countingScript,
  holdingScript,
  legacyScript,
  messageEvent,
  type ScriptedExchange,
  startModernUpstream,
} from '../support/upstreams/index.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';
import { passOn } from '../support/upstreams/pass-on.js';

const ENV = { PATH: process.env.PATH, HOME: '/nonexistent' };
const text = (content: unknown) => ({ content: [{ type: 'text' as const, text: String(content) }] });

describeProxies('what goes on for long through a bridge', 1, ({ proxies, publish, serve, serveOne, startUpstream, keep }) => {
  let program: string;
  beforeAll(async () => {
    program = await bundleLethe();
  });
  const at = (url: string): BridgeStart => ({ program, url, env: ENV });
  /** The connections of the bridge, which can be cut. */
  const cuttable = async (url: string) => keep(await startTcpRelay(url));

  it('listens again after a cut, and tells that all may have changed; an end by Lethe is passed on', async () => {
    verifies('bridge.streams-go-on');
    const upstream = keep(await startModernUpstream({ name: 'up', extend: addInputRequiredTools }));
    const changing = { listChanged: true };
    const capabilities = { tools: changing, resources: { ...changing, subscribe: true } };
    const gateway = { slug: 'up', url: upstream.url, items: await modernItems(upstream.url, ''), facts: { ...MODERN_FACTS, capabilities } };
    const draft = { slug: 'listened', id: 'listened-id', gateways: [gateway] };
    const relay = await cuttable((await publish(draft)).url);
    const { client } = keep(await startModern(at(relay.url)));
    const heard: string[] = [];
    client.setNotificationHandler('notifications/tools/list_changed', ({ method }) => void heard.push(method));
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
    client.fallbackNotificationHandler = async ({ method }) => void heard.push(method);
    const subscription = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['up://note'] });
    upstream.notify.toolsChanged();
    const TOOLS = 'notifications/tools/list_changed';
    await eventually(() => expect(heard).toEqual([TOOLS]));
    relay.cut();
    await eventually(() => expect(relay.refused).toBeGreaterThan(0));
    relay.restore();
    await eventually(() => expect(heard).toEqual([TOOLS, TOOLS, 'up://note']));
    upstream.notify.resourceUpdated('up://note');
    await eventually(() => expect(heard).toEqual([TOOLS, TOOLS, 'up://note', 'up://note']));
    await proxies.routes.publish({ ...draft, gateways: [{ ...gateway, slug: 'other' }] });
    expect(await subscription.closed).toBe('graceful');
    // One that the client ends is ended at Lethe and at the upstream.
    const other = await client.listen({ toolsListChanged: true });
    await other.close();
    expect((await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).content).toEqual(text('up: hi').content);
  }); // prettier-ignore

  it('gets the rest of a call that was cut, where Lethe names the place', async () => {
    verifies('bridge.streams-go-on');
    let call: ScriptedExchange['message'] = {};
    const script = legacyScript({
      sessionId: 'a',
      answers: {
        'tools/call': (exchange) => {
          call = exchange.message;
          const { progressToken } = call.params?.['_meta'] as { progressToken: string };
          beginEvents(exchange).write(messageEvent({ method: 'notifications/progress', params: { progressToken, progress: 1 } }, 'e-1'));
        },
        GET: (exchange) => {
          if (exchange.request.headers['last-event-id'] !== 'e-1') return void exchange.response.writeHead(405).end();
          beginEvents(exchange).end(messageEvent({ id: call.id, result: text('the rest') }, 'e-2'));
        },
      },
    });
    const relay = await cuttable((await serveOne(script, { facts: { sessionful: true } })).url);
    const { client } = keep(await startLegacy(at(relay.url)));
    const onprogress = (): void => relay.cut();
    const called = client.callTool({ name: 'echo', arguments: {} }, undefined, { onprogress });
    await eventually(() => expect(relay.refused).toBeGreaterThan(0));
    relay.restore();
    expect((await called).content).toEqual(text('the rest').content);
  }); // prettier-ignore

  it('says of a call that was cut without a place that it may have been carried out, and does not repeat it', async () => {
    verifies('bridge.streams-go-on');
    const holding = holdingScript();
    const { url } = await serveOne(holding.script, { items: [tool('hold')], facts: MODERN_FACTS });
    const relay = await cuttable(url);
    const { client } = keep(await startModern(at(relay.url)));
    const call = (n: number) => client.callTool({ name: 'hold', arguments: { n } });
    const cut = call(1);
    cut.catch(() => undefined);
    await eventually(() => expect(holding.held).toHaveLength(1));
    relay.cut();
    await expect(cut).rejects.toThrow(/may have been carried out/);
    relay.restore();
    const cancelled = new AbortController();
    const left = client.callTool({ name: 'hold', arguments: { n: 2 } }, { signal: cancelled.signal });
    left.catch(() => undefined);
    await eventually(() => expect(holding.held).toHaveLength(2));
    const gone = once(holding.held[1]!.response, 'close');
    cancelled.abort();
    await expect(left).rejects.toThrow();
    // A modern call is cancelled by the end of its connection, as far as the upstream.
    await gone;
    const third = call(3);
    await eventually(() => expect(holding.held).toHaveLength(3));
    holding.release();
    expect((await third).content).toEqual(text(3).content);
  });

  it('lets upstreams ask for samples, roots and forms, in both eras', async () => {
    verifies('bridge.asked');
    const open = new Map<string, ScriptedExchange>();
    const answers: string[] = [];
    const ask = (exchange: ScriptedExchange, tag: string): void => {
      const stream = beginEvents(exchange);
      const messages = [{ role: 'user', content: { type: 'text', text: tag } }];
      stream.write(messageEvent({ id: `${tag} sample`, method: 'sampling/createMessage', params: { messages, maxTokens: 7 } }));
      stream.write(messageEvent({ id: `${tag} roots`, method: 'roots/list' }));
    };
    const script = legacyScript({
      sessionId: 'a',
      answers: {
        'tools/call': (exchange) => {
          open.set('call', exchange);
          ask(exchange, 'call');
        },
        GET: (exchange) => ask(exchange, 'stream'),
        POST: ({ message, response }) => {
          response.writeHead(202).end();
          answers.push(`${message.id} ${JSON.stringify((message as { result?: unknown }).result)}`);
          const called = open.get('call');
          if (answers.filter((answer) => answer.startsWith('call')).length < 2) return;
          called?.response.end(messageEvent({ id: called.message.id, result: text('asked') }));
        },
      },
    });
    const roots = { roots: [{ uri: 'file:///work', name: 'work' }] };
    const sampled = (said: string) => ({ model: 'm', role: 'assistant' as const, content: { type: 'text' as const, text: said } });
    const { url } = await serveOne(script, { facts: { sessionful: true } });
    const { client } = keep(
      await startLegacy(at(url), { sampling: {}, roots: {}, elicitation: { form: {} } }, (one) => {
        one.setRequestHandler(CreateMessageRequestSchema, ({ params }) => sampled(JSON.stringify(params.messages).length > 9 ? 'words' : ''));
        one.setRequestHandler(ListRootsRequestSchema, () => roots);
        one.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
      }),
    );
    expect((await client.callTool({ name: 'echo' })).content).toEqual(text('asked').content);
    await eventually(() => expect(answers).toHaveLength(4));
    const expected = (tag: string) => [`${tag} roots ${JSON.stringify(roots)}`, `${tag} sample ${JSON.stringify(sampled('words'))}`];
    expect(answers.sort()).toEqual([...expected('call'), ...expected('stream')]);

    const upstream = keep(await startModernUpstream({ name: 'up', extend: addAskingTools }));
    const items = [tool('all')];
    const published = await publish({ gateways: [{ slug: 'up', url: upstream.url, items, facts: MODERN_FACTS }] });
    const { client: modern } = keep(
      await startModern(at(published.url), 'modern', (one) => {
        one.registerCapabilities({ sampling: {}, roots: {}, elicitation: { form: {} } });
        one.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { sure: true } }));
        one.setRequestHandler('sampling/createMessage', () => sampled('words'));
        one.setRequestHandler('roots/list', () => roots);
      }),
    );
    const { content } = await modern.callTool({ name: 'all', arguments: { what: 'this' } });
    for (const part of ['"sure":true', 'words', 'file:///work', 'state of this']) expect(JSON.stringify(content).replaceAll('\\', '')).toContain(part);
  }); // prettier-ignore

  it('outlives a restart of Lethe, and the end of one replica of several while it calls', async () => {
    verifies('bridge.restarts');
    const counting = countingScript();
    const member = await startUpstream(counting.script);
    const { path } = await serve([member], {}, { items: [tool('count')] });
    const started = async () => {
      const proxy = keep(await proxies.start({ LETHE_DRAIN_SECONDS: '1' }));
      await eventually(async () => expect((await fetch(proxy.url + path)).status).toBe(405));
      return proxy;
    };
    const first = await started();
    const targets = [first.url];
    const balancer = keep(await startRoundRobin(targets));
    const { client } = keep(await startLegacy(at(balancer.url + path)));
    const count = async () => (await client.callTool({ name: 'count' })).content;
    expect(await count()).toEqual(text(1).content);
    await first.close();
    await expect(count()).rejects.toThrow(/no whole answer from http/);
    const second = await started();
    targets[0] = second.url;
    expect(await count()).toEqual(text(2).content);
    // Now another one takes over, as soon as the balancer knows that this one ends.
    const third = await started();
    const closed = second.close();
    let calls = 2;
    for (let isOver = false; !isOver; calls += 1) {
      if ((await fetch(`${second.url}/readyz`)).status === 503) targets[0] = third.url;
      isOver = targets[0] === third.url;
      expect(await count()).toEqual(text(calls + 1).content);
    }
    await closed;
    expect(await count()).toEqual(text(calls + 1).content);
  });

  it('says so when no new session can be begun, and begins one when that is possible again', async () => {
    verifies('bridge.sessions');
    const counting = countingScript();
    const { url } = await serveOne(counting.script, { items: [tool('count')], facts: { sessionful: true } });
    let isBusy = false;
    const front = keep(
      await listenOnLoopback((request, response) => {
        // Of what is before Lethe; a session that was begun is not ended by it.
        if (isBusy && request.headers['mcp-session-id'] === undefined && request.method === 'POST') return void response.writeHead(503).end();
        const { connection: _hop, ...headers } = request.headers;
        const forwarded = forward(new URL(request.url ?? '/', url), { method: request.method, headers });
        passOn(forwarded, response);
        request.pipe(forwarded);
      }),
    );
    const { client } = keep(await startLegacy(at(front.origin + new URL(url).pathname)));
    const count = async () => (await client.callTool({ name: 'count' })).content;
    expect([await count(), await count()]).toEqual([text(1).content, text(2).content]);
    counting.sessions.clear();
    isBusy = true;
    await expect(count()).rejects.toThrow(/began no other one/);
    isBusy = false;
    expect([await count(), await count()]).toEqual([text(1).content, text(2).content]);
  }); // prettier-ignore

  it('holds an upstream back while the client does not read, and loses nothing', async () => {
    verifies('bridge.streams');
    const pieces = 2_000;
    const piece = Buffer.alloc(32 * 1024, 'x');
    let poured = 0;
    const script = legacyScript({
      answers: {
        'tools/call': async ({ message, response }) => {
          const [begin, end] = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: text('*') }).split('*');
          response.writeHead(200, { 'content-type': 'application/json' }).write(begin);
          for (; poured < pieces; poured += 1) if (!response.write(piece)) await once(response, 'drain');
          response.end(end);
        },
      },
    });
    const { url } = await serveOne(script);
    const child = spawn(process.execPath, [program, 'bridge', url], { env: ENV, stdio: ['pipe', 'pipe', 'inherit'] });
    const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'slow', version: '1' };
    say({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
    say({ method: 'notifications/initialized' });
    say({ id: 2, method: 'tools/call', params: { name: 'echo', arguments: {} } });
    child.stdin.end();
    // Nobody reads until the upstream has been held back for a while.
    let seen = -1;
    await eventually(async () => {
      const before = seen;
      seen = poured;
      // That nothing moves is known by waiting, and by nothing else.
      await pause(300);
      expect(poured).toBeGreaterThan(0);
      expect(poured).toBe(before);
    }, 20_000);
    expect(poured).toBeLessThan(pieces);
    let size = 0;
    let last = '';
    for await (const chunk of child.stdout) {
      const text = String(chunk);
      size += text.length;
      last = (last + text).slice(-100);
    }
    expect(size).toBeGreaterThan(pieces * piece.length);
    expect(last).toMatch(/x"}]}}\n$/);
  });
}); // prettier-ignore
