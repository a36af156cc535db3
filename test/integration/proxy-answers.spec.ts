import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { CatalogueItem } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startProxies, type Proxies } from '../support/proxies.js';
import { type GatewayDraft, tool } from '../support/published-routes.js';
import { legacy, modern, post } from '../support/proxy/rpc.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

/** A POST whose answer is left as it came. */
async function raw(url: string, message: object, more: Record<string, string>) {
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...more };
  const sent = request(url, { method: 'POST', headers }).end(JSON.stringify(message));
  const [answer]: [IncomingMessage] = (await once(sent, 'response')) as [IncomingMessage];
  const { 'content-encoding': encoding, vary } = answer.headers;
  return { status: answer.statusCode, encoding, vary, bytes: Buffer.concat(await answer.toArray()) };
}

describe.each(HTTP_ENGINES)('what a proxy answers (%s)', (_name, env) => {
  let proxies: Proxies;
  const upstreams: Upstream[] = [];
  let servers = 0;

  beforeAll(async () => {
    proxies = await startProxies(1, env);
  });
  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });
  afterAll(() => proxies?.close());

  /** A virtual server with one gateway `up` and its tool `echo`. */
  async function serve(script: UpstreamScript, more: Partial<GatewayDraft> = {}, server: object = {}) {
    const upstream = await startScriptedUpstream(script);
    upstreams.push(upstream);
    const slug = `s${++servers}`;
    const gateway = { slug: 'up', url: upstream.url, items: [tool('echo')], ...more };
    await proxies.routes.publish({ slug, gateways: [gateway], ...server });
    const url = `${proxies.url}/servers/${slug}/mcp`;
    await eventually(async () => expect((await fetch(url)).status).not.toBe(404));
    return { url, upstream };
  }
  const modernFacts = { facts: { era: 'modern', protocolVersion: '2026-07-28' } } as const;
  const ok: UpstreamScript = ({ reply }) => reply({ content: [] });

  it('refuses a call without its required credential, naming the header', async () => {
    verifies('passthrough.missing-credential-is-named');
    const { url, upstream } = await serve(ok, {
      mappings: [{ header: 'Authorization', required: true, scheme: 'bearer' }],
    });
    const { status, body } = await legacy(url, 'tools/call', { name: 'echo' });
    expect(status).toBe(200);
    expect(body.error.code).toBeGreaterThan(0);
    expect(body.error.data).toEqual({
      reason: 'credential_required',
      gateway: 'up',
      header: 'X-Upstream-up-Authorization',
      scheme: 'bearer',
    });
    expect(upstream.received).toEqual([]);
  });

  it('packs lists for clients that take gzip, and says the same to those that do not', async () => {
    verifies('lists.packed');
    const items = Array.from({ length: 150 }, (_, n) => tool(`tool-${n}`));
    const { url, upstream } = await serve(ok, { items });
    const list = async (encoding: string, id: number | string) => {
      const headers = { 'accept-encoding': encoding };
      const answer = await raw(url, { jsonrpc: '2.0', id, method: 'tools/list', params: {} }, headers);
      return {
        ...answer,
        text: answer.encoding === 'gzip' ? gunzipSync(answer.bytes).toString() : String(answer.bytes),
      };
    };
    const plain = await list('identity', 'ü');
    expect(plain).toMatchObject({ status: 200, encoding: undefined, vary: 'accept-encoding' });
    expect(JSON.parse(plain.text).result.tools).toHaveLength(150);
    for (const encoding of ['gzip, deflate', 'br, gzip;q=0.5']) {
      const packed = await list(encoding, 'ü');
      expect(packed).toMatchObject({ status: 200, encoding: 'gzip', vary: 'accept-encoding', text: plain.text });
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 10);
    }
    expect(JSON.parse((await list('gzip', 7)).text).id).toBe(7);
    const ofPage = { origin: new URL(url).origin, 'accept-encoding': 'gzip' };
    const toPage = await raw(url, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }, ofPage);
    expect(toPage).toMatchObject({ status: 200, encoding: 'gzip', vary: 'Origin, accept-encoding' });
    expect(await list('gzip;q=0', 'ü')).toMatchObject({ encoding: undefined, text: plain.text });
    expect(upstream.received).toEqual([]);
  });

  it('tells a refused credential as the upstream’s, with the scheme of its challenge and nothing else', async () => {
    for (const status of [401, 403]) {
      const challenge = 'Bearer realm="x", resource_metadata="https://evil.example/.well-known"';
      const { url } = await serve(
        ({ response }) => void response.writeHead(status, { 'www-authenticate': challenge }).end('no'),
      );
      const answer = await legacy(url, 'tools/call', { name: 'echo' });
      expect(answer.status).toBe(200);
      expect(answer.body.error.data).toEqual({
        reason: 'upstream_rejected_credential',
        gateway: 'up',
        httpStatus: status,
        headers: ['X-Upstream-up-Authorization'],
        challenge: { scheme: 'Bearer' },
      });
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(answer.text).not.toContain('evil');
    }
  });

  it('follows no redirect', async () => {
    const other = await startScriptedUpstream(ok);
    upstreams.push(other);
    const { url } = await serve(({ response }) => void response.writeHead(307, { location: other.url }).end());
    const { body } = await legacy(url, 'tools/call', { name: 'echo' }, { 'x-upstream-up-authorization': 'Bearer x' });
    expect(body.error.data.reason).toBe('upstream_redirected');
    expect(other.received).toEqual([]);
  });

  it('hands on response headers by an allow-list', async () => {
    const { url } = await serve(({ reply }) =>
      reply(
        { content: [] },
        { 'set-cookie': 'a=b', 'x-secret': 'x', 'mcp-thing': 'y', 'mcp-session-id': 'z', 'retry-after': '7' },
      ),
    );
    const { headers } = await legacy(url, 'tools/call', { name: 'echo' });
    const seen = Object.fromEntries(headers);
    expect(seen).toMatchObject({ 'mcp-thing': 'y', 'retry-after': '7' });
    for (const name of ['set-cookie', 'x-secret', 'mcp-session-id']) expect(seen).not.toHaveProperty(name);
  });

  it('sends a fresh header set: nothing of the caller but what is mapped', async () => {
    verifies('passthrough.own-token-stays');
    const { url, upstream } = await serve(ok, {}, { shortForm: { Authorization: 'up' } });
    await legacy(
      url,
      'tools/call',
      { name: 'echo' },
      {
        authorization: 'Bearer own',
        cookie: 'a=b',
        'x-upstream-authorization': 'Bearer theirs',
        'x-upstream-up-x-unmapped': 'x',
        'x-forwarded-for': '10.0.0.1',
        'x-anything': 'y',
      },
    );
    const [received] = upstream.received;
    expect(received?.headers.authorization).toBe('Bearer theirs');
    expect(Object.keys(received?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'mcp-protocol-version',
      'user-agent',
    ]);
  });

  it('writes a mapped query parameter, replacing one of the registered URL', async () => {
    const mappings = [{ header: 'X-Key', to: { query: 'k' } }];
    const upstream = await startScriptedUpstream(ok);
    upstreams.push(upstream);
    const { url } = await serve(ok, { url: `${upstream.url}?k=registered&v=2`, mappings });
    await legacy(url, 'tools/call', { name: 'echo' }, { 'x-upstream-up-x-key': 'a&b' });
    expect(upstream.received[0]?.path).toBe('/mcp?v=2&k=a%26b');
    expect(upstream.received[0]?.headers['x-key']).toBeUndefined();
  });

  it('hands a stream on event by event, answers what the upstream asks in the client’s place, and ends it once', async () => {
    const posted: unknown[] = [];
    let finish = (): void => undefined;
    const { url } = await serve(({ message, response, request }) => {
      if (message.method !== 'tools/call') {
        posted.push({ ...message, session: request.headers['mcp-session-id'] });
        return void response.writeHead(202).end();
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (value: object, id = 'e1') => response.write(`id: ${id}\ndata: ${JSON.stringify(value)}\n\n`);
      event({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } });
      event({ jsonrpc: '2.0', id: 'ask-1', method: 'sampling/createMessage', params: {} });
      event({ jsonrpc: '2.0', id: 'other', result: {} });
      finish = () => {
        event({ jsonrpc: '2.0', id: message.id, result: { content: [] } });
        event({ jsonrpc: '2.0', id: message.id, result: { content: ['twice'] } });
        response.end();
      };
    });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'echo' } }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(first).toBe(
      'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}\n\n',
    );
    await eventually(() => expect(posted).toMatchObject([{ id: 'ask-1', error: { code: -32601 } }]));
    finish();
    let rest = '';
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
      rest += Buffer.from(read.value).toString();
    expect(rest).toBe('event: message\ndata: {"jsonrpc":"2.0","id":5,"result":{"content":[]}}\n\n');
  });

  it('refuses few of an upstream’s questions at once, however many it asks', async () => {
    const unanswered: unknown[] = [];
    let calls = 0;
    const { url } = await serve(({ message, response, reply }) => {
      if (message.method !== 'tools/call') return void unanswered.push(message.id);
      if (++calls > 1) return reply({ content: [] });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (value: object) => response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...value })}\n\n`);
      for (let n = 0; n < 500; n++) event({ id: `ask-${n}`, method: 'roots/list' });
      event({ id: message.id, result: { content: [] } });
      response.end();
    });
    expect((await legacy(url, 'tools/call', { name: 'echo' })).body.result).toBeDefined();
    // Comes behind whatever was sent before it.
    expect((await legacy(url, 'tools/call', { name: 'echo' })).body.result).toBeDefined();
    await eventually(() => expect(unanswered).toHaveLength(8));
  });

  it('ends a stream that breaks, or that forgets its answer, with an error', async () => {
    for (const end of ['end', 'destroy'] as const) {
      const { url } = await serve(({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n', () =>
          response[end](),
        );
      });
      const { body } = await legacy(url, 'tools/call', { name: 'echo' });
      expect(body).toMatchObject({ id: 1, error: { data: { reason: 'upstream_failed', why: 'closed_early' } } });
    }
  });

  it('tells an upstream that is away, answers nonsense or fails, by closed reasons', async () => {
    const cases: [UpstreamScript, object][] = [
      [
        ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
        { why: 'content_type' },
      ],
      [({ response }) => void response.writeHead(500).end('boom'), { why: 'http_status', httpStatus: 500 }],
      [({ response }) => void response.writeHead(202).end(), { why: 'http_status', httpStatus: 202 }],
      [({ response }) => void response.destroy(), { reason: 'upstream_unreachable' }],
      [
        ({ response }) =>
          void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x'),
        { why: 'content_encoding' },
      ],
    ];
    for (const [script, data] of cases) {
      const { url } = await serve(script);
      const { status, body, text } = await legacy(url, 'tools/call', { name: 'echo' });
      expect(status).toBe(200);
      expect(body.error.data).toMatchObject({ gateway: 'up', ...data });
      expect(text).not.toContain('boom');
    }
  });

  it('relays an upstream’s own JSON-RPC error', async () => {
    const error = { code: -32602, message: 'bad', data: { x: 1 } };
    const old = await serve(({ replyError }) => replyError(400, error));
    expect(await legacy(old.url, 'tools/call', { name: 'echo' })).toMatchObject({
      status: 200,
      body: { id: 1, error },
    });
    const now = await serve(({ replyError }) => replyError(400, error), modernFacts);
    expect(await modern(now.url, 'tools/call', { name: 'echo' })).toMatchObject({
      status: 400,
      body: { id: 1, error },
    });
  });

  it('cancels the upstream’s work when a modern client leaves, and not when a legacy one does', async () => {
    let closed = 0;
    let asked = 0;
    const hang: UpstreamScript = ({ response }) => {
      asked += 1;
      response.on('close', () => (closed += 1));
    };
    const [now, old] = [await serve(hang, modernFacts), await serve(hang)];
    const abort = new AbortController();
    const leave = async (call: (headers: object) => Promise<unknown>) => {
      const before = asked;
      const left = call({}).catch(() => 'left');
      await eventually(() => expect(asked).toBe(before + 1));
      abort.abort();
      return left;
    };
    const raw = (url: string, body: object, headers: object) =>
      fetch(url, {
        method: 'POST',
        signal: abort.signal,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    await leave(() =>
      raw(
        now.url,
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', _meta: meta } },
        { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' },
      ),
    );
    await eventually(() => expect(closed).toBe(1));
    const second = new AbortController();
    const left = fetch(old.url, {
      method: 'POST',
      signal: second.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } }),
    }).catch(() => 'left');
    await eventually(() => expect(asked).toBe(2));
    second.abort();
    expect(await left).toBe('left');
    expect(await legacy(old.url, 'ping')).toMatchObject({ status: 200 });
    expect(closed).toBe(1);
  });

  it('holds the upstream back while the client is slower', async () => {
    let written = 0;
    const { url } = await serve(({ response, message }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":"`);
      const chunk = Buffer.alloc(256 * 1024, 'a');
      const more = (): void => {
        while (written < 64 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end('"}');
      };
      more();
    });
    const { port, pathname } = new URL(url);
    const target = proxies.replicas[0]?.url ?? '';
    const socket = connect(Number(new URL(target).port || port), '127.0.0.1');
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}';
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'data');
    socket.pause();
    let last = -1;
    await eventually(async () => {
      const before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
      last = written - before;
      expect(last).toBe(0);
    });
    expect(written).toBeLessThan(48 * 1024 * 1024);
    socket.destroy();
  });

  it('never gives an answer to another call, a thousand at once with equal ids', async () => {
    const waiting: (() => void)[] = [];
    const { url } = await serve(({ message, request, reply }) => {
      const mark = (message.params?.['arguments'] as { mark: number }).mark;
      waiting.push(() => reply({ mark, credential: request.headers.authorization }));
      if (waiting.length === 1_000) for (const answer of waiting.reverse()) answer();
    });
    const direct = `${proxies.replicas[0]?.url}${new URL(url).pathname}`;
    const calls: Promise<boolean>[] = [];
    for (let mark = 0; mark < 1_000; mark++) {
      const headers = { 'x-upstream-up-authorization': `Bearer ${mark}` };
      const call = legacy(direct, 'tools/call', { name: 'echo', arguments: { mark } }, headers);
      calls.push(
        call.then(
          ({ body }) => body.id === 1 && body.result.mark === mark && body.result.credential === `Bearer ${mark}`,
        ),
      );
      // Not all connections in one turn: the listen queue of the system is shorter than that.
      if (mark % 50 === 49) await eventually(() => expect(waiting.length).toBeGreaterThan(mark - 100));
    }
    expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(1_000);
  });

  it('answers pings and unknown methods as each era asks', async () => {
    const { url } = await serve(ok);
    expect(await legacy(url, 'ping')).toMatchObject({ status: 200, body: { result: {} } });
    expect(await legacy(url, 'logging/setLevel')).toMatchObject({ status: 200, body: { error: { code: -32601 } } });
    for (const method of ['ping', 'initialize', 'logging/setLevel', 'constructor']) {
      expect(await modern(url, method)).toMatchObject({ status: 404, body: { id: 1, error: { code: -32601 } } });
    }
    expect(await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' })).toMatchObject({
      status: 202,
      text: '',
    });
    expect(await legacy(url, 'tools/call', { name: 'nobody' })).toMatchObject({
      status: 200,
      body: { error: { code: -32602 } },
    });
    expect(await legacy(url, 'tools/call', {})).toMatchObject({ body: { error: { code: -32602 } } });
  });

  it('refuses modern requests whose headers contradict the body, and versions that it does not speak', async () => {
    const { url, upstream } = await serve(ok, modernFacts);
    for (const headers of [{ 'mcp-name': 'other' }, { 'mcp-method': 'tools/list' }]) {
      expect(await modern(url, 'tools/call', { name: 'echo' }, headers)).toMatchObject({
        status: 400,
        body: { id: 1, error: { code: -32020 } },
      });
    }
    for (const [version, requested] of [
      ['1900-01-01', '1900-01-01'],
      ['v999.0.0', 'v999.0.0'],
      ['secret-token', 'unknown'],
    ]) {
      const meta = {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const answer = await post(url, { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta } });
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { code: -32022, data: { supported: ['2026-07-28'], requested } } },
      });
    }
    expect(upstream.received).toEqual([]);
  });

  it('refuses what is no message, without quoting it', async () => {
    const { url } = await serve(ok);
    for (const [body, code] of [
      ['CANARY{', -32700],
      ['["CANARY"]', -32600],
      ['{"jsonrpc":"2.0","id":1,"method":"CANARY","method":"ping"}', -32600],
    ] as const) {
      const answer = await post(url, body);
      expect(answer).toMatchObject({ status: 400, body: { id: null, error: { code } } });
      expect(answer.text).not.toContain('CANARY');
    }
    const tooLong = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'a'.repeat(4 * 1024 * 1024 + 1),
    }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(tooLong).toBe(413);
  });

  it('refuses pages of other origins, lets allowed ones ask first, and has no GET stream without a session', async () => {
    const { url } = await serve(ok);
    expect(await legacy(url, 'ping', {}, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    const own = new URL(url).origin;
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: own,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-upstream-a',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(own);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-upstream-a');
    const get = await fetch(url);
    expect(get.status).toBe(405);
    expect((await fetch(`${proxies.url}/.well-known/oauth-authorization-server`)).status).toBe(404);
    expect((await fetch(`${proxies.url}/.well-known/oauth-protected-resource/servers/s1/mcp`)).status).toBe(404);
  });

  it('resolves resources by URI, by template, and by the only gateway that has any', async () => {
    const items: CatalogueItem[] = [
      { kind: 'resource' as const, own: 'note://one', definition: { uri: 'note://one', name: 'one' } },
      {
        kind: 'resourceTemplate' as const,
        own: 'item://{id}',
        definition: { uriTemplate: 'item://{id}', name: 'item' },
      },
    ];
    const { url, upstream } = await serve(({ reply, message }) => reply({ contents: [message.params] }), { items });
    for (const uri of ['note://one', 'item://7', 'unlisted://x']) {
      expect((await legacy(url, 'resources/read', { uri })).body.result.contents[0]?.uri).toBe(uri);
    }
    expect(upstream.received).toHaveLength(3);
  });

  it('tells in the words of each era that nobody has a resource, and which', async () => {
    const { url } = await serve(ok);
    const uri = 'x://y';
    const inLegacy = await legacy(url, 'resources/read', { uri });
    expect(inLegacy).toMatchObject({ status: 200, body: { error: { code: -32002, data: { uri } } } });
    const inModern = await modern(url, 'resources/read', { uri });
    expect(inModern).toMatchObject({ status: 200, body: { error: { code: -32602, data: { uri } } } });
    const tooLong = await legacy(url, 'resources/read', { uri: `x://${'y'.repeat(2_100)}` });
    expect(tooLong.body.error.data).not.toHaveProperty('uri');
  });
});
