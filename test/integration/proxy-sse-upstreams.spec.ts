import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import {
  type ScriptedMessage,
  sseScript,
  type SseOptions,
  startEverythingUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;
const FACTS = { transport: 'sse', protocolVersion: '2024-11-05' } as const;

describeProxies('calls of HTTP+SSE upstreams', 2, ({ proxies, keep, publish, startUpstream }) => {
  /** A new virtual server with this one upstream. */
  const serveAt = ({ url }: Upstream, items = [tool('echo')], exposed = {}) => {
    const gateways = [{ slug: 'old', url, items, facts: FACTS }];
    return publish({ gateways, shortForm: { Authorization: 'old' }, exposed });
  };
  /** Its endpoint. */
  const serve = async (...args: Parameters<typeof serveAt>): Promise<string> => (await serveAt(...args)).url;
  const everything = async (token: string) => keep(await startEverythingUpstream({ token }, 'sse'));
  const scripted = (options: SseOptions, results: Record<string, unknown> = {}) =>
    startUpstream(sseScript({ results }, options).script);
  const call = (url: string, name = 'echo') =>
    legacy(url, 'tools/call', { name, arguments: {} }, { 'x-upstream-authorization': `Bearer ${TOKEN}` }, 7);

  it('connect, initialize, call and close each time, on any replica, with the credential of the call', async () => {
    verifies('transport.sse-calls');
    const upstream = await everything(TOKEN);
    const url = await serve(upstream, [tool('echo'), tool('trigger-long-running-operation')], {
      'old echo': 'renamed',
    });
    const client = await connectLegacy(url, { 'x-upstream-authorization': `Bearer ${TOKEN}` });
    for (const message of ['one', 'two']) {
      const { content } = await client.callTool({ name: 'renamed', arguments: { message } });
      expect(JSON.stringify(content)).toContain(`Echo: ${message}`);
    }
    expect(upstream.received.map(({ method }) => method)).toEqual(
      Array(2).fill(['GET', 'POST', 'POST', 'POST']).flat(),
    );
    expect(upstream.received.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
    const progress: number[] = [];
    const slow = { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 4 } };
    await client.callTool(slow, undefined, { onprogress: ({ progress: at }) => progress.push(at) });
    expect(progress).toEqual([1, 2, 3, 4]);
    await client.close();
  });

  it('close the stream after the response', async () => {
    const closed: number[] = [];
    const result = { content: [] };
    const url = await serve(await scripted({ onClose: (n) => closed.push(n) }, { 'tools/call': result }));
    expect((await call(url)).body).toMatchObject({ id: 7, result });
    await eventually(() => expect(closed).toEqual([0]));
  });

  it('go to an endpoint of the same origin only', async () => {
    const trap = await scripted({});
    for (const endpoint of [trap.url, '//127.0.0.2:1/x', 'data:,x']) {
      const upstream = await scripted({ endpoint });
      const url = await serve(upstream);
      expect((await call(url)).body.error.data).toMatchObject({ reason: 'upstream_failed', why: 'sse_endpoint' });
      expect(upstream.received.filter(({ method }) => method === 'POST')).toEqual([]);
    }
    expect(trap.received).toEqual([]);
  });

  it('answer pings, refuse other server requests, and relay errors unchanged', async () => {
    const error = { code: -32001, message: 'My own', data: { x: 1 } };
    const { script, posts } = sseScript(
      {},
      {
        pings: true,
        answers: {
          'tools/call': (message, send) => {
            send({ id: 'q', method: 'sampling/createMessage', params: {} });
            send({ id: message.id, error });
          },
        },
      },
    );
    const url = await serve(await startUpstream(script));
    expect((await call(url)).body.error).toEqual(error);
    await eventually(() => {
      expect(posts).toContainEqual(expect.objectContaining({ id: 'ping-7', result: {} }));
      expect(posts).toContainEqual(expect.objectContaining({ id: 'q', error: expect.anything() }));
    });
  });

  it('serve modern clients as well, translated', async () => {
    const upstream = await everything(TOKEN);
    const client = await connectModern(await serve(upstream), { 'x-upstream-authorization': `Bearer ${TOKEN}` });
    const { content } = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
    expect(JSON.stringify(content)).toContain('Echo: hello');
    await client.close();
    const { script, posts } = sseScript({}, { answers: { 'tools/call': notFound } });
    const url = await serve(await startUpstream(script));
    const answer = await modern(url, 'tools/call', { name: 'echo' });
    expect(answer).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
    expect(posts.at(-1)?.params).toEqual({ name: 'echo' });
  });

  it('have closed reasons when the upstream refuses, ends or never names an endpoint', async () => {
    const locked = await serve(await everything('another'));
    const told = { 'lethe/error': { reason: 'upstream_rejected_credential' } };
    expect((await call(locked)).body.result).toMatchObject({ isError: true, _meta: told });
    const ended = await serve(await scripted({ endsAt: 'tools/call' }));
    expect((await call(ended)).body.error.data).toMatchObject({ reason: 'upstream_failed', why: 'closed_early' });
    const noStream = await serve(await startUpstream(({ response }) => void response.writeHead(404).end()));
    expect((await call(noStream)).body.error.data).toMatchObject({ reason: 'upstream_failed', httpStatus: 404 });
    const silent = await startUpstream(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    const { path, manifest } = await serveAt(silent);
    const proxy = keep(await proxies.start({}, undefined, { sseStepMs: 500 }));
    await servedBy(proxy.url, manifest.slug);
    expect((await call(proxy.url + path)).body.error.data).toMatchObject({ why: 'sse_endpoint' });
  });
});

function notFound(message: ScriptedMessage, send: (message: object) => void): void {
  send({ id: message.id, error: { code: -32601, message: 'Method not found' } });
}
