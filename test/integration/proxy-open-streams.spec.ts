import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { legacy } from '../support/proxy/rpc.js';
import { begin, ScriptedServers } from '../support/proxy/scripted-servers.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { tool } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange } from '../support/upstreams/index.js';

const SECRET = `tok_${randomBytes(24).toString('base64url')}`;
const LENT = { 'x-upstream-g0-authorization': `Bearer ${SECRET}` };

describe.each(HTTP_ENGINES)('streams that clients keep open (%s)', (_name, env) => {
  let proxies: Proxies;
  const servers = new ScriptedServers(() => proxies);
  const streams: EventStream[] = [];

  beforeAll(async () => {
    proxies = await startProxies(1, env);
  });
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    await servers.close();
  });
  afterAll(() => proxies?.close());

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
    const { url, manifest } = await servers.serve([await servers.upstream(quiet)]);
    const stream = await listen(url, await begin(url, LENT));
    streams.push(stream);
    await eventually(async () => expect(await opened('session')).toBe(1));
    return { url, manifest, stream };
  }

  function listening(url: string): Promise<EventStream> {
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const params = { notifications: { toolsListChanged: true }, _meta: envelope };
    return openStream(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
        ...LENT,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params }),
    });
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
    const { url } = await servers.serve([await servers.upstream(quiet)]);
    const stream = await listening(url);
    streams.push(stream);
    await eventually(async () => expect(await opened('listen')).toBe(1));
    stream.close();
    await eventually(async () => expect(await ended('listen', 'client_gone')).toBe(1));
    expect(await opened('listen')).toBe(0);
    expect(await lasted('listen')).toBe(1);
  });

  it('end by a closed reason when the gateways change, and when the virtual server is gone', async () => {
    const { url, manifest, stream } = await session();
    const other = await servers.upstream(quiet);
    const heard = await listening(url);
    streams.push(heard);
    await eventually(async () => expect(await opened('listen')).toBe(1));
    await proxies.routes.publish({
      slug: manifest.slug,
      id: manifest.id,
      gateways: [{ slug: 'g9', url: other.url, items: [tool('t9')], facts: { sessionful: true } }],
    });
    await Promise.all([stream.ended(), heard.ended()]);
    for (const kind of ['session', 'listen']) {
      await eventually(async () => expect(await ended(kind, 'gateways_changed')).toBe(1));
      expect(await opened(kind)).toBe(0);
    }
  });

  it('end by name when an upstream forgets the session, or will not know it', async () => {
    let isForgotten = false;
    let said: ScriptedExchange['response'] | undefined;
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        GET: ({ response }) => {
          if (isForgotten) return void response.writeHead(404).end();
          said = response.writeHead(200, { 'content-type': 'text/event-stream' });
          said.write('retry: 50\ndata: {"jsonrpc":"2.0","method":"x"}\n\n');
        },
      },
    });
    const { url } = await servers.serve([await servers.upstream(script)]);
    const headers = await begin(url, LENT);
    const stream = await listen(url, headers);
    streams.push(stream);
    await stream.message();
    isForgotten = true;
    said?.end();
    await stream.ended();
    await eventually(async () => expect(await ended('session', 'session_lost')).toBe(1));
    expect((await listen(url, headers)).status).toBe(404);
    await eventually(async () => expect(await ended('session', 'session_unknown')).toBe(1));
    expect(await opened('session')).toBe(0);
  });

  it('of one call that goes on are told apart', async () => {
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        'tools/call': ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('id: e1\ndata: {"jsonrpc":"2.0","method":"x"}\n\n');
        },
        GET: ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('id: e2\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
        },
      },
    });
    const { url } = await servers.serve([await servers.upstream(script)]);
    const headers = await begin(url, LENT);
    const { text } = await legacy(url, 'tools/call', { name: 't0' }, headers);
    const stream = await listen(url, { ...headers, 'last-event-id': /^id: (.*)$/m.exec(text)?.[1] ?? '' });
    expect((await stream.message()).body).toMatchObject({ id: 1, result: {} });
    await stream.ended();
    await eventually(async () => expect(await ended('resumed_call', 'answered')).toBe(1));
    expect(await opened('resumed_call')).toBe(0);
  });
});
