import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modernRequest } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange } from '../support/upstreams/index.js';

const SECRET = `tok_${randomBytes(24).toString('base64url')}`;
const CREDENTIAL = { 'x-upstream-g0-authorization': `Bearer ${SECRET}` };

describeProxiesOnEachEngine('streams that clients keep open', 1, ({ proxies, keep, serve, startUpstream }) => {
  /** Values of one metric by its labels, as the proxy shows them. */
  async function metric(name: string): Promise<Record<string, number>> {
    const text = await (await fetch(`${proxies.replicas[0]?.url}/metrics`)).text();
    expect(text).not.toContain(SECRET);
    const lines = [...text.matchAll(new RegExp(`^${name}{([^}]*)} (\\S+)$`, 'gm'))];
    return Object.fromEntries(lines.map(([, labels, value]) => [labels ?? '', Number(value)]));
  }
  const opened = async (kind: string) => (await metric('lethe_proxy_streams_open'))[`kind="${kind}"`] ?? 0;
  const ended = async (kind: string, how: string) =>
    (await metric('lethe_proxy_streams_total'))[`kind="${kind}",ended="${how}"`] ?? 0;
  const lasted = async (kind: string) => (await metric('lethe_proxy_stream_seconds_count'))[`kind="${kind}"`] ?? 0;

  const quiet = legacyScript({
    sessionId: 's-1',
    answers: {
      GET: ({ response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      },
    },
  });

  async function session() {
    const { url, manifest } = await serve([await startUpstream(quiet)]);
    const stream = keep(await listen(url, await begin(url, CREDENTIAL)));
    await eventually(async () => expect(await opened('session')).toBe(1));
    return { url, manifest, stream };
  }

  async function listening(url: string): Promise<EventStream> {
    const params = { notifications: { toolsListChanged: true } };
    return keep(await openStream(url, modernRequest('subscriptions/listen', params, CREDENTIAL)));
  }

  it('are counted while they are open, with how long they were and why they ended', async () => {
    verifies('streams.watched');
    const { stream } = await session();
    stream.close();
    await eventually(async () => expect(await ended('session', 'client_gone')).toBe(1));
    expect(await opened('session')).toBe(0);
    expect(await lasted('session')).toBe(1);
  });

  it('of the modern era too', async () => {
    verifies('streams.watched');
    const { url } = await serve([await startUpstream(quiet)]);
    const stream = await listening(url);
    await eventually(async () => expect(await opened('listen')).toBe(1));
    stream.close();
    await eventually(async () => expect(await ended('listen', 'client_gone')).toBe(1));
    expect(await opened('listen')).toBe(0);
    expect(await lasted('listen')).toBe(1);
  });

  it('end by a closed reason when the gateways change', async () => {
    const { url, manifest, stream } = await session();
    const other = await startUpstream(quiet);
    const subscription = await listening(url);
    await eventually(async () => expect(await opened('listen')).toBe(1));
    await proxies.routes.publish({
      slug: manifest.slug,
      id: manifest.id,
      gateways: [{ slug: 'g9', url: other.url, items: [tool('t9')], facts: { sessionful: true } }],
    });
    await Promise.all([stream.ended(), subscription.ended()]);
    for (const kind of ['session', 'listen']) {
      await eventually(async () => expect(await ended(kind, 'gateways_changed')).toBe(1));
      expect(await opened(kind)).toBe(0);
    }
  });

  it('end by a closed reason when an upstream loses the session, or does not know it', async () => {
    let isForgotten = false;
    let said: ScriptedExchange['response'] | undefined;
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        GET: ({ response }) => {
          if (isForgotten) return void response.writeHead(404).end();
          said = response.writeHead(200, { 'content-type': 'text/event-stream' });
          said.write('retry: 50\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
        },
      },
    });
    const { url } = await serve([await startUpstream(script)]);
    const headers = await begin(url, CREDENTIAL);
    const stream = keep(await listen(url, headers));
    await stream.message();
    isForgotten = true;
    said?.end();
    await stream.ended();
    await eventually(async () => expect(await ended('session', 'session_lost')).toBe(1));
    expect((await listen(url, headers)).status).toBe(404);
    await eventually(async () => expect(await ended('session', 'session_unknown')).toBe(1));
    expect(await opened('session')).toBe(0);
  });

  it('that resume one call have a label of their own', async () => {
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        'tools/call': ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('id: e1\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
        },
        GET: ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('id: e2\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
        },
      },
    });
    const { url } = await serve([await startUpstream(script)]);
    const headers = await begin(url, CREDENTIAL);
    const { text } = await legacy(url, 'tools/call', { name: 't0' }, headers);
    const stream = await listen(url, { ...headers, 'last-event-id': /^id: (.*)$/m.exec(text)?.[1] ?? '' });
    expect((await stream.message()).body).toMatchObject({ id: 1, result: {} });
    await stream.ended();
    await eventually(async () => expect(await ended('resumed_call', 'answered')).toBe(1));
    expect(await opened('resumed_call')).toBe(0);
  });
});
