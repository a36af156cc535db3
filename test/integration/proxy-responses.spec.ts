import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { CatalogueItem } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { envelope, legacy, modern, modernRequest, post, postRequest } from '../support/proxy/rpc.js';
import type { UpstreamScript } from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

/** A POST whose answer is left as it came. */
async function raw(url: string, message: object, more: Record<string, string>) {
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...more };
  const sent = request(url, { method: 'POST', headers }).end(JSON.stringify(message));
  const [answer]: [IncomingMessage] = (await once(sent, 'response')) as [IncomingMessage];
  const { 'content-encoding': encoding, vary } = answer.headers;
  return { status: answer.statusCode, encoding, vary, bytes: Buffer.concat(await answer.toArray()) };
}

describeProxiesOnEachEngine('the responses of a proxy', 1, ({ proxies, serveOne, startUpstream }) => {
  const modernFacts = { facts: MODERN_FACTS };
  const ok: UpstreamScript = ({ reply }) => reply({ content: [] });

  it('name the header of a required credential that is missing', async () => {
    verifies('passthrough.missing-credential-is-named');
    const mappings = [{ header: 'Authorization', required: true, scheme: 'bearer' as const }];
    const { url, upstream } = await serveOne(ok, { mappings }, { missingCredential: 'error' });
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

  it('have lists in gzip for clients that accept it, and the same lists for others', async () => {
    verifies('lists.gzipped');
    const items = Array.from({ length: 150 }, (_, n) => tool(`tool-${n}`));
    const { url, upstream } = await serveOne(ok, { items });
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

  it('name a credential that the upstream refused, and of its challenge no text of the upstream', async () => {
    const sent = { 'x-upstream-up-authorization': 'Bearer x' };
    for (const status of [401, 403]) {
      const challenge = 'Bearer realm="x", resource_metadata="https://evil.example/.well-known"';
      const { url } = await serveOne(
        ({ response }) => void response.writeHead(status, { 'www-authenticate': challenge }).end('no'),
        {},
        { missingCredential: 'error' },
      );
      const answer = await legacy(url, 'tools/call', { name: 'echo' }, sent);
      expect(answer.status).toBe(200);
      expect(answer.body.error.data).toEqual({
        reason: 'upstream_rejected_credential',
        gateway: 'up',
        httpStatus: status,
        header: 'X-Upstream-up-Authorization',
        scheme: null,
        headers: ['X-Upstream-up-Authorization'],
        challenge: { scheme: 'Bearer', metadataElsewhere: true },
      });
      expect(answer.headers.get('www-authenticate')).toBeNull();
      expect(answer.text).not.toContain('evil');
    }
  });

  it('never follow a redirect', async () => {
    const other = await startUpstream(ok);
    const { url } = await serveOne(({ response }) => void response.writeHead(307, { location: other.url }).end());
    const { body } = await legacy(url, 'tools/call', { name: 'echo' }, { 'x-upstream-up-authorization': 'Bearer x' });
    expect(body.error.data.reason).toBe('upstream_redirected');
    expect(other.received).toEqual([]);
  });

  const eraUrls = [
    ['legacy', {}, legacy],
    ['modern', modernFacts, modern],
  ] as const;
  it.each(eraUrls)('have no header of the upstream but the media type (%s)', async (_era, gateway, ask) => {
    verifies('relay.own-headers');
    const theirs = {
      ...{ 'set-cookie': 'a=b', 'x-secret': 'x', 'mcp-thing': 'y', 'mcp-session-id': 'z', 'retry-after': '99999' },
      ...{
        'cache-control': 'public, max-age=600',
        'mcp-protocol-version': '2020-01-01',
        expires: 'never',
        etag: '"e"',
      },
    };
    const asStream: UpstreamScript = ({ message, response }) => {
      const event = `data: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [] } })}\n\n`;
      response.writeHead(200, { ...theirs, 'content-type': 'text/event-stream; mark=theirs' }).end(event);
    };
    const answers = [
      [
        ({ reply }) => reply({ content: [] }, { ...theirs, 'content-type': 'application/json; mark=theirs' }),
        'no-store',
      ],
      [asStream, 'no-cache, no-transform'],
    ] satisfies [UpstreamScript, string][];
    for (const [script, caching] of answers) {
      const { url } = await serveOne(script, gateway);
      const { headers, body } = await ask(url, 'tools/call', { name: 'echo' });
      expect(body.result.content).toEqual([]);
      expect(headers.get('cache-control')).toBe(caching);
      for (const name in theirs) if (name !== 'cache-control') expect([...headers.keys()]).not.toContain(name);
    }
  });

  it('follow requests with new headers: nothing of the caller but what is mapped', async () => {
    verifies('passthrough.own-token-stays');
    const { url, upstream } = await serveOne(ok, {}, { shortForm: { Authorization: 'up' } });
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

  it('follow requests with a mapped query parameter, which replaces one of the registered URL', async () => {
    const mappings = [{ header: 'X-Key', to: { query: 'k' } }];
    const upstream = await startUpstream(ok);
    const { url } = await serveOne(ok, { url: `${upstream.url}?k=registered&v=2`, mappings });
    await legacy(url, 'tools/call', { name: 'echo' }, { 'x-upstream-up-x-key': 'a&b' });
    expect(upstream.received[0]?.path).toBe('/mcp?v=2&k=a%26b');
    expect(upstream.received[0]?.headers['x-key']).toBeUndefined();
  });

  it('are streamed event by event, end once, and server requests are answered in place of the client', async () => {
    const posted: unknown[] = [];
    let finish = (): void => undefined;
    const { url } = await serveOne(({ message, response, request }) => {
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
    const params = { name: 'echo', _meta: { progressToken: 1 } };
    const call = { jsonrpc: '2.0', id: 5, method: 'tools/call', params };
    const response = await fetch(url, postRequest(call));
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

  it('do not wait for the rejections of many server requests: few are sent at once', async () => {
    const unanswered: unknown[] = [];
    let calls = 0;
    const { url } = await serveOne(({ message, response, reply }) => {
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

  it('are an error when the upstream’s stream ends without its response', async () => {
    for (const end of ['end', 'destroy'] as const) {
      const { url } = await serveOne(({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n', () =>
          response[end](),
        );
      });
      const { body } = await legacy(url, 'tools/call', { name: 'echo' });
      expect(body).toMatchObject({ id: 1, error: { data: { reason: 'upstream_failed', why: 'closed_early' } } });
    }
  });

  it('have closed reasons when an upstream is unreachable, invalid or failing', async () => {
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
          void response
            .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
            .end('{"x":1}'),
        { why: 'content_encoding' },
      ],
    ];
    for (const [script, data] of cases) {
      const { url } = await serveOne(script);
      const { status, body, text } = await legacy(url, 'tools/call', { name: 'echo' });
      expect(status).toBe(200);
      expect(body.error.data).toMatchObject({ gateway: 'up', ...data });
      expect(text).not.toContain('boom');
    }
  });

  it('include an upstream’s own JSON-RPC error', async () => {
    const error = { code: -32602, message: 'bad', data: { x: 1 } };
    const old = await serveOne(({ replyError }) => replyError(400, error));
    expect(await legacy(old.url, 'tools/call', { name: 'echo' })).toMatchObject({
      status: 200,
      body: { id: 1, error },
    });
    const now = await serveOne(({ replyError }) => replyError(400, error), modernFacts);
    expect(await modern(now.url, 'tools/call', { name: 'echo' })).toMatchObject({
      status: 400,
      body: { id: 1, error },
    });
  });

  it('are cancelled upstream when a modern client disconnects, and not when a legacy one does', async () => {
    let closed = 0;
    let asked = 0;
    const hang: UpstreamScript = ({ response }) => {
      asked += 1;
      response.on('close', () => (closed += 1));
    };
    const [now, old] = [await serveOne(hang, modernFacts), await serveOne(hang)];
    const abort = new AbortController();
    const left = fetch(now.url, { ...modernRequest('tools/call', { name: 'echo' }), signal: abort.signal });
    left.catch(() => undefined);
    await eventually(() => expect(asked).toBe(1));
    abort.abort();
    await expect(left).rejects.toThrow();
    await eventually(() => expect(closed).toBe(1));
    const second = new AbortController();
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } };
    const leftToo = fetch(old.url, { ...postRequest(call), signal: second.signal });
    leftToo.catch(() => undefined);
    await eventually(() => expect(asked).toBe(2));
    second.abort();
    await expect(leftToo).rejects.toThrow();
    expect(await legacy(old.url, 'ping')).toMatchObject({ status: 200 });
    expect(closed).toBe(1);
  });

  it('have no end that is waited for when a legacy client has left', async () => {
    let closed = 0;
    const { url } = await serveOne(({ response, message }) => {
      response.on('close', () => (closed += 1));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":"`);
    });
    const leave = new AbortController();
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } };
    await fetch(url, { ...postRequest(call), signal: leave.signal });
    leave.abort();
    await eventually(() => expect(closed).toBe(1));
  });

  it('hold the upstream back while the client is slower', async () => {
    let written = 0;
    const { url } = await serveOne(({ response, message }) => {
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

  it('never go to another call, a thousand at once with equal ids', async () => {
    const waiting: (() => void)[] = [];
    const { url } = await serveOne(({ message, request, reply }) => {
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

  it('to pings and unknown methods follow the rules of each era', async () => {
    const { url } = await serveOne(ok);
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

  it('refuse modern requests whose headers contradict the body, and unsupported versions', async () => {
    const { url, upstream } = await serveOne(ok, modernFacts);
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
      const params = { _meta: envelope({}, version) };
      const answer = await post(url, { jsonrpc: '2.0', id: 1, method: 'server/discover', params });
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { code: -32022, data: { supported: ['2026-07-28'], requested } } },
      });
    }
    expect(upstream.received).toEqual([]);
  });

  it('refuse a body that is no message, without quoting it', async () => {
    const { url } = await serveOne(ok);
    for (const [body, code] of [
      ['CANARY{', -32700],
      ['["CANARY"]', -32600],
      ['{"jsonrpc":"2.0","id":1,"method":"CANARY","method":"ping"}', -32600],
    ] as const) {
      const answer = await post(url, body);
      expect(answer).toMatchObject({ status: 400, body: { id: null, error: { code } } });
      expect(answer.text).not.toContain('CANARY');
    }
    const tooLong = await post(url, 'a'.repeat(4 * 1024 * 1024 + 1)).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(tooLong).toBe(413);
  });

  it('refuse pages of other origins, allow preflight requests of own pages, and have no GET stream without a session', async () => {
    const { url } = await serveOne(ok);
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
    expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
    expect(preflight.headers.get('access-control-allow-origin')).toBe(own);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-upstream-a');
    const get = await fetch(url);
    expect(get.status).toBe(405);
    expect((await fetch(`${proxies.url}/.well-known/oauth-authorization-server`)).status).toBe(404);
    expect((await fetch(`${proxies.url}/.well-known/oauth-protected-resource/servers/s1/mcp`)).status).toBe(404);
  });

  it('are the same with a slash at the end of the endpoint, and name the methods that are served', async () => {
    verifies('http.edges');
    const { url } = await serveOne(ok);
    for (const at of [url, `${url}/`]) {
      expect((await legacy(at, 'tools/list')).body.result.tools).toHaveLength(1);
      expect((await modern(`${at}?x=1`, 'tools/list')).body.result.tools).toHaveLength(1);
      for (const method of ['GET', 'PUT', 'PATCH', 'HEAD']) {
        const { status, headers } = await fetch(at, { method });
        expect([method, status, headers.get('allow')]).toEqual([method, 405, 'GET, POST, DELETE, OPTIONS']);
      }
      expect((await fetch(at, { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, POST, DELETE, OPTIONS');
    }
    for (const other of ['//', '/x', 'x']) expect((await legacy(`${url}${other}`, 'tools/list')).status).toBe(404);
  });

  it('come from the gateway of a resource: by URI, by template, or as the only one with resources', async () => {
    const items: CatalogueItem[] = [
      { kind: 'resource' as const, own: 'note://one', definition: { uri: 'note://one', name: 'one' } },
      {
        kind: 'resourceTemplate' as const,
        own: 'item://{id}',
        definition: { uriTemplate: 'item://{id}', name: 'item' },
      },
    ];
    const { url, upstream } = await serveOne(({ reply, message }) => reply({ contents: [message.params] }), { items });
    for (const uri of ['note://one', 'item://7', 'unlisted://x']) {
      expect((await legacy(url, 'resources/read', { uri })).body.result.contents[0]?.uri).toBe(uri);
    }
    expect(upstream.received).toHaveLength(3);
  });

  it('name an unknown resource with the error code of each era', async () => {
    const { url } = await serveOne(ok);
    const uri = 'x://y';
    const inLegacy = await legacy(url, 'resources/read', { uri });
    expect(inLegacy).toMatchObject({ status: 200, body: { error: { code: -32002, data: { uri } } } });
    const inModern = await modern(url, 'resources/read', { uri });
    expect(inModern).toMatchObject({ status: 200, body: { error: { code: -32602, data: { uri } } } });
    const tooLong = await legacy(url, 'resources/read', { uri: `x://${'y'.repeat(2_100)}` });
    expect(tooLong.body.error.data).not.toHaveProperty('uri');
  });
});
