import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SELF_SIGNED } from '../support/connector/self-signed.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { type Answer, begin, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { portOf } from '../support/upstreams/loopback-server.js';
import { legacyScript, type ScriptedExchange, type UpstreamScript } from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

const SESSIONFUL = { facts: { sessionful: true } } as const;
const SSE = { facts: { transport: 'sse', protocolVersion: '2024-11-05' } } as const;
const MODERN = { facts: MODERN_FACTS } as const;

/** Every way in which a call reaches an upstream: the gateway, who calls it, and which of its requests is refused. */
const WAYS: readonly [way: string, gateway: Partial<GatewayDraft>, ask: typeof legacy | typeof modern, at: string][] = [
  ['a legacy call', {}, legacy, 'tools/call'],
  ['a legacy call in a session of its own', SESSIONFUL, legacy, 'tools/call'],
  ['the initialize before a legacy call', SESSIONFUL, legacy, 'initialize'],
  ['a modern call', MODERN, modern, 'tools/call'],
  ['a translated legacy call', MODERN, legacy, 'tools/call'],
  ['a translated modern call', {}, modern, 'tools/call'],
  ['a translated modern call in a session of its own', SESSIONFUL, modern, 'tools/call'],
  ['the initialize before a modern call', SESSIONFUL, modern, 'initialize'],
  ['a GET of HTTP+SSE', SSE, legacy, 'GET'],
  ['a translated GET of HTTP+SSE', SSE, modern, 'GET'],
];

/** An upstream that answers one kind of request in this way. */
const at = (kind: string, answer: UpstreamScript): UpstreamScript =>
  legacyScript({ sessionId: 's-1', results: { 'tools/call': { content: [] } }, answers: { [kind]: answer } });

const refusing =
  (status: number, headers: Record<string, string>, body = 'busy: sk-not-for-you') =>
  ({ response }: ScriptedExchange): void =>
    void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);

describeProxies('an upstream that refuses', 1, ({ keep, publish, serveOne, startUpstream }) => {
  describe.each(WAYS)('%s', (_way, gateway, ask, kind) => {
    const answered = async (answer: UpstreamScript): Promise<Answer> => {
      const { url } = await serveOne(at(kind, answer), gateway);
      return ask(url, 'tools/call', { name: 'echo' });
    };

    it('reaches the client as such when it limits the rate or is overloaded, with the time to wait', async () => {
      verifies('upstream.says-when');
      for (const [status, reason, code] of [
        [429, 'upstream_rate_limited', 1311],
        [503, 'upstream_unavailable', 1312],
      ] as const) {
        const { headers, body, text } = await answered(refusing(status, { 'retry-after': '401' }));
        const data = { reason, gateway: 'up', httpStatus: status, retryAfterSeconds: 401 };
        expect(body).toMatchObject({ id: 1, error: { code, data } });
        expect(headers.get('retry-after')).toBe('401');
        expect(text).not.toContain('sk-not-for-you');
      }
      const long = await answered(refusing(429, { 'retry-after': '86400' }));
      expect([long.headers.get('retry-after'), long.body.error.data['retryAfterSeconds']]).toEqual(['3600', 3_600]);
      const silent = await answered(refusing(429, { 'retry-after': 'soon, sk-not-for-you' }));
      expect(silent.headers.get('retry-after')).toBeNull();
      expect(silent.body.error.data).toEqual({ reason: 'upstream_rate_limited', gateway: 'up', httpStatus: 429 });
    });

    it('says the address of the same server to register instead, when it redirects there', async () => {
      verifies('upstream.redirect-says-where');
      const moved = async (status: number, location: string) => {
        const { body, headers, text } = await answered(refusing(status, { location }));
        expect(body.error.data).toMatchObject({ reason: 'upstream_redirected', gateway: 'up', httpStatus: status });
        expect([headers.get('location'), text]).toEqual([null, expect.not.stringContaining('secret')]);
        return body.error.data['registerUrl'];
      };
      expect(await moved(307, '/mcp/?api_key=secret')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp\/$/);
      expect(await moved(308, 'http://user:secret@127.0.0.1/mcp')).toBeUndefined();
      expect(await moved(307, 'https://elsewhere.example/secret')).toBeUndefined();
      expect(await moved(302, '/login?secret')).toBeUndefined();
    });
  });

  it.each(WAYS.filter(([, , , kind]) => kind === 'tools/call'))(
    'with a JSON-RPC error keeps its words in %s, and adds the time to wait',
    async (_way, gateway, ask) => {
      verifies('upstream.says-when');
      const { url } = await serveOne(
        at('tools/call', ({ message: { id }, response }) => {
          const error = { code: -32099, message: 'Quota used up', data: { plan: 'free' } };
          const headers = { 'content-type': 'application/json', 'retry-after': '401' };
          response.writeHead(429, headers).end(JSON.stringify({ jsonrpc: '2.0', id, error }));
        }),
        gateway,
      );
      const { status, headers, body } = await ask(url, 'tools/call', { name: 'echo' });
      expect([status, headers.get('retry-after')]).toEqual([200, '401']);
      expect(body.error).toEqual({
        code: -32099,
        message: 'Quota used up (try again in 6 min 41 s)',
        data: { plan: 'free', retryAfterSeconds: 401 },
      });
    },
  );

  it('an HTTP+SSE message: the time to wait reaches the client, and no address is suggested', async () => {
    let answer = refusing(429, { 'retry-after': '401' });
    const upstream = await startUpstream((exchange) => {
      if (exchange.request.method === 'POST') return answer(exchange);
      exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
      exchange.response.write('event: endpoint\ndata: /message\n\n');
    });
    const { url } = await publish({ gateways: [{ slug: 'up', url: upstream.url, items: [tool('echo')], ...SSE }] });
    const limited = await legacy(url, 'tools/call', { name: 'echo' });
    expect(limited.body.error.data).toMatchObject({ reason: 'upstream_rate_limited', retryAfterSeconds: 401 });
    answer = refusing(307, { location: '/elsewhere' });
    const { data } = (await legacy(url, 'tools/call', { name: 'echo' })).body.error;
    expect(data).toEqual({ reason: 'upstream_redirected', gateway: 'up', httpStatus: 307 });
  });

  it('a live list names it, and the time to wait', async () => {
    const upstream = await startUpstream(refusing(503, { 'retry-after': '401' }));
    const gateway = { slug: 'up', url: upstream.url, items: [tool('echo')], listing: 'live' as const };
    const { url } = await publish({ gateways: [gateway] });
    expect(JSON.parse((await legacy(url, 'tools/list')).text)).toMatchObject({
      result: {
        tools: [],
        _meta: { 'lethe/leftOut': [{ gateway: 'up', reason: 'upstream_unavailable', retryAfterSeconds: 401 }] },
      },
    });
  });

  it('a resumed stream says when it can be resumed', async () => {
    let isResumed = false;
    const { url } = await serveOne(
      legacyScript({
        sessionId: 's-1',
        answers: {
          'tools/call': ({ response }) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: e1\ndata: \n\n');
            setImmediate(() => response.end());
          },
          GET: (exchange) => {
            isResumed = exchange.request.headers['last-event-id'] === 'e1';
            refusing(503, { 'retry-after': '41' })(exchange);
          },
        },
      }),
      SESSIONFUL,
    );
    const session = await begin(url);
    const { text } = await legacy(url, 'tools/call', { name: 'echo' }, session);
    const id = /^id: (.*)$/m.exec(text)?.[1] ?? '';
    const headers = {
      accept: 'text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...session,
      'last-event-id': id,
    };
    const answer = await fetch(url, { headers });
    expect([answer.status, answer.headers.get('retry-after'), isResumed]).toEqual([503, '41', true]);
    expect(await answer.json()).toMatchObject({ error: { data: { reason: 'stream_unavailable', gateway: 'up' } } });
  });

  it.each(['legacy', 'modern'] as const)(
    'is not asked for its stream again before the time it names (%s)',
    async (era) => {
      verifies('upstream.says-when');
      const asked: number[] = [];
      const refuse: UpstreamScript = (exchange) => {
        asked.push(performance.now());
        refusing(503, { 'retry-after': '2' })(exchange);
      };
      const capabilities = { tools: { listChanged: true } };
      const { url } = await (era === 'legacy'
        ? serveOne(legacyScript({ sessionId: 's-1', answers: { GET: refuse } }), {
            facts: { sessionful: true, capabilities },
          })
        : serveOne(refuse, { facts: { ...MODERN_FACTS, capabilities } }));
      const filter = { notifications: { toolsListChanged: true } };
      const open = async (): Promise<EventStream> =>
        era === 'legacy'
          ? listen(url, await begin(url))
          : openStream(url, modernRequest('subscriptions/listen', filter));
      keep(await open());
      await eventually(() => expect(asked).toHaveLength(2));
      expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(1_900);
    },
  );

  describe('on the network', () => {
    const listening = async (server: Server): Promise<number> => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      keep({ close: () => server.close() });
      return portOf(server);
    };
    const resetting = (): Server =>
      createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()));
    const talkingSsh = (): Server =>
      createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end('SSH-2.0-x\r\n')));

    it.each<[why: string, url: () => Promise<string>]>([
      ['refused', async () => 'http://127.0.0.1:1/mcp'],
      ['reset', async () => `http://127.0.0.1:${await listening(resetting())}/mcp`],
      ['tls', async () => `https://127.0.0.1:${await listening(createTlsServer(SELF_SIGNED))}/mcp`],
      ['dns', async () => 'https://no-such-host.invalid/mcp'],
      ['not_http', async () => `http://127.0.0.1:${await listening(talkingSsh())}/mcp`],
    ])('is told by a closed word: %s', async (why, address) => {
      verifies('upstream.unreachable-says-why');
      for (const [gateway, ask] of [
        [{}, legacy],
        [MODERN, legacy],
        [SESSIONFUL, modern],
        [SSE, legacy],
      ] as const) {
        const { url } = await publish({
          gateways: [{ slug: 'up', url: await address(), items: [tool('echo')], ...gateway }],
        });
        const { error } = (await ask(url, 'tools/call', { name: 'echo' })).body;
        const reason = why === 'not_http' ? 'upstream_failed' : 'upstream_unreachable';
        expect(error.data).toEqual({ reason, gateway: 'up', why });
      }
    });
  });
});
