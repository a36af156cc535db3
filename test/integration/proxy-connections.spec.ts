import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { readResponses } from '../support/raw-http/response-reader.js';
import { readUntil } from '../support/read-until.js';
import type { UpstreamScript } from '../support/upstreams/index.js';

const ANSWER = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [] } });
const CALL = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });

interface RawRequest {
  line?: string;
  host?: string;
  headers?: readonly string[];
  body?: string;
}

/** Upstreams whose response to a call has no end. */
const ENDLESS: Record<'json' | 'stream', UpstreamScript> = {
  json: ({ response, message }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"jsonrpc":"2.0","id":${message.id},"result":{"text":"`);
    writeForEver(response, 'x'.repeat(65_536));
  },
  stream: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const params = { level: 'info', data: 'x'.repeat(65_536) };
    writeForEver(response, `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })}\n\n`);
  },
};

function writeForEver(response: ServerResponse, text: string): void {
  while (!response.destroyed && response.write(text));
  response.once('drain', () => writeForEver(response, text));
}

describeProxiesOnEachEngine('connections of clients', 1, ({ proxies, keep, publish, publishKey, serveOne }) => {
  const dial = (origin = proxies.replicas[0]?.url ?? ''): Socket => {
    const { port, hostname } = new URL(origin);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }).on('error', () => undefined);
    keep({ close: () => socket.destroy() });
    return socket;
  };
  /** Reads 400 kB a second. */
  const slowReader = (origin: string, first: string): { socket: Socket; read: () => number } => {
    let bytes = 0;
    const { port, hostname } = new URL(origin);
    const callback = (count: number): boolean => {
      bytes += count;
      return false;
    };
    const onread = { buffer: Buffer.alloc(20_000), callback };
    const socket = connect({ port: Number(port), host: hostname, onread }).on('error', () => undefined);
    socket.write(first);
    const timer = setInterval(() => socket.resume(), 50);
    keep({ close: () => (clearInterval(timer), socket.destroy()) });
    return { socket, read: () => bytes };
  };
  const request = (path: string, { line, host, headers = [], body = CALL }: RawRequest = {}): string => {
    const lines = [line ?? `POST ${path} HTTP/1.1`, `Host: ${host ?? '127.0.0.1'}`, ...headers];
    const common = ['Content-Type: application/json', 'Accept: application/json, text/event-stream'];
    return [...lines, ...common, `Content-Length: ${body.length}`, '', body].join('\r\n');
  };
  /** Everything that comes back until the server ends the connection. */
  const answersTo = async (text: string) => {
    const socket = dial();
    socket.write(text);
    const received = await readUntil(socket, 'never');
    return readResponses(received).map(({ status, head, body }) => ({
      status,
      head,
      body: JSON.parse(body) as unknown,
    }));
  };
  const problem = (status: number, reason: string) =>
    expect.objectContaining({
      status,
      body: expect.objectContaining({ error: expect.objectContaining({ data: expect.objectContaining({ reason }) }) }),
    });

  it('are answered for what was complete before what is no request, and then told so', async () => {
    verifies('http.no-answer-lost');
    const { path } = await serveOne(({ reply }) => void setTimeout(() => reply({ mark: 'late' }), 50));
    const result = expect.objectContaining({ status: 200, body: { jsonrpc: '2.0', id: 1, result: { mark: 'late' } } });
    expect(await answersTo(`${request(path)}garbage\r\n\r\n`)).toEqual([result, problem(400, 'request_malformed')]);
    expect(await answersTo(`${request(path)}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n`)).toEqual([
      result,
      problem(405, 'method_not_allowed'),
    ]);
    // Node's parser drops what follows a request for another protocol in its packet.
    const upgrade = { headers: ['Connection: Upgrade', 'Upgrade: h2c'] };
    const [only, ...others] = await answersTo(request(path, upgrade) + request(path));
    expect([only?.body, others]).toEqual([{ jsonrpc: '2.0', id: 1, result: { mark: 'late' } }, []]);
    expect(only?.head).toMatch(/^connection: close$/im);
  });

  it.each([
    ['a length', `Content-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`],
    ['chunks', `Transfer-Encoding: chunked\r\n\r\n${ANSWER.length.toString(16)}\r\n${ANSWER}\r\n0\r\n\r\n`],
  ])('get what an upstream sent completely, by %s, whatever follows it', async (_, rest) => {
    verifies('http.no-answer-lost');
    const upstream = createServer((socket) => {
      const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${rest}`;
      socket.on('error', () => undefined).on('data', () => socket.write(`${answer}garbage\r\n\r\n`));
    });
    keep(upstream.listen(0, '127.0.0.1'));
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    const { url } = await publish({
      gateways: [{ slug: 'up', url: `http://127.0.0.1:${port}/mcp`, items: [tool('echo')] }],
    });
    for (let n = 0; n < 3; n++) expect((await legacy(url, 'tools/call', { name: 'echo' })).text).toBe(ANSWER);
  });

  it.each([
    ['another version of HTTP', 'HTTP/2.0', 505, 'http_version_unsupported'],
    ['no version', '', 505, 'http_version_unsupported'],
    ['a version that is none', 'HTTP/1.2', 505, 'http_version_unsupported'],
    ['what is no version', 'HTTX', 400, 'request_malformed'],
  ])('are refused for %s', async (_, version, status, reason) => {
    verifies('http.strict');
    const { path } = await serveOne(({ reply }) => reply({}));
    const answers = await answersTo(request(path, { line: `POST ${path} ${version}`.trimEnd() }));
    expect(answers).toEqual([problem(status, reason)]);
  });

  it('are for the host that an absolute target names', async () => {
    verifies('http.strict');
    const { path } = await serveOne(({ reply }) => reply({}));
    const close = { headers: ['Connection: close'] };
    const statuses = async (line: string, host?: string) =>
      (await answersTo(request(path, { line, ...close, ...(host && { host }) }))).map(({ status }) => status);
    expect(await statuses(`POST http://evil.example${path} HTTP/1.1`)).toEqual([403]);
    expect(await statuses(`POST http://127.0.0.1@evil.example${path} HTTP/1.1`)).toEqual([403]);
    expect(await statuses('GET http://evil.example/livez HTTP/1.1')).toEqual([403]);
    expect(await statuses(`POST http://127.0.0.1${path} HTTP/1.1`, 'evil.example')).toEqual([200]);
  });

  it('carry the credentials of forty gateways, and more than that gets an answer that helps', async () => {
    verifies('http.headers-bounded');
    const { path } = await serveOne(({ reply }) => reply({ mark: 'yes' }));
    const credentials = (count: number): string[] =>
      Array.from({ length: count }, (_, n) => `X-Upstream-g${n}-Authorization: Bearer ${'c'.repeat(4_000)}`);
    const [served] = await answersTo(request(path, { headers: [...credentials(40), 'Connection: close'] }));
    expect(served?.body).toMatchObject({ result: { mark: 'yes' } });
    // The client reads only when it has sent all: a connection that was reset would have lost the answer.
    expect(await answersTo(request(path, { headers: credentials(150) }))).toEqual([problem(431, 'headers_too_large')]);
    const small = Array.from({ length: 1_100 }, (_, n) => `X-${n}: ${n}`);
    expect(await answersTo(request(path, { headers: [...small, 'Connection: close'] }))).toEqual([
      problem(431, 'headers_too_large'),
    ]);
  });

  it('can read why a body was refused, and are cut when they go on sending it slowly', async () => {
    verifies('http.headers-bounded');
    await publish({ slug: 'locked', access: 'key', gateways: [] });
    const path = '/servers/locked/mcp';
    expect(await answersTo(request(path, { body: 'x'.repeat(5_000_000) }))).toEqual([
      problem(413, 'payload_too_large'),
    ]);
    expect(await answersTo(request(path, { body: 'x'.repeat(3_000_000) }))).toEqual([problem(401, 'caller_unknown')]);
    const slow = request(path).slice(0, -10);
    expect(await answersTo(slow)).toEqual([problem(401, 'caller_unknown')]);
    // Nothing is left unread of a short one: its connection goes on.
    const socket = dial();
    for (let n = 0; n < 2; n++) {
      socket.write(request(path));
      expect(await readUntil(socket, '}}')).toMatch(/^HTTP\/1.1 401 [^]*keep-alive/);
    }
  });

  it('are cut when they read nothing of JSON or a stream, and never when they read slowly', async () => {
    verifies('http.unread-is-cut');
    const served = await Promise.all(Object.values(ENDLESS).map((script) => serveOne(script)));
    const replica = keep(await proxies.start({ LETHE_UNREAD_TIMEOUT_SECONDS: '2' }));
    await Promise.all(served.map(({ manifest }) => servedBy(replica.url, manifest.slug)));
    const cut = async (): Promise<string | undefined> => {
      const metrics = await (await fetch(`${replica.url}/metrics`)).text();
      return /^lethe_proxy_connections_ended_total\{why="unread"\} (\d+)$/m.exec(metrics)?.[1];
    };
    const slow = served.map(({ path }) => slowReader(replica.url, request(path)));
    for (const { path } of served) dial(replica.url).pause().write(request(path));
    await eventually(async () => expect(await cut()).toBe('2'));
    // For half as long again as nothing may be read. Node's own view of the slow ones does not change meanwhile.
    for (const { socket, read } of slow) {
      const before = read();
      await eventually(() => expect(read() - before).toBeGreaterThan(1_200_000));
      expect(socket.destroyed).toBe(false);
    }
    expect(await cut()).toBe('2');
  });

  it('of strangers give their places to callers, however many they are', async () => {
    verifies('http.places-for-callers');
    const places = 24;
    const replica = keep(await proxies.start({ LETHE_MAX_CONNECTIONS: String(places) }));
    const slug = 'busy';
    await publish({ slug, access: 'key', gateways: [] });
    const key = await publishKey(slug);
    const url = `${replica.url}/servers/${slug}/mcp`;
    const ping = () => legacy(url, 'ping', {}, { authorization: `Bearer ${key}` });
    await eventually(async () => expect((await ping()).status).toBe(200));
    const path = `/servers/${slug}/mcp`;
    const attacks = [
      (socket: Socket) => socket.write('POST / HTTP/1.1\r\nHost: '),
      (socket: Socket) => socket.write(request(path).slice(0, -10)),
      (socket: Socket) => socket.write(request(path)),
      () => undefined,
    ];
    for (let n = 0; n < 4 * places; n++) {
      const socket = dial(replica.url);
      attacks[n % attacks.length]?.(socket);
      await once(socket, 'connect');
    }
    const begun = performance.now();
    const caller = dial(replica.url);
    const authorized = { headers: [`Authorization: Bearer ${key}`], body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' };
    caller.write(request(path, authorized));
    expect(await readUntil(caller, '}')).toContain('200 OK');
    expect(performance.now() - begun).toBeLessThan(1_000);
    // The place of a caller is theirs, whoever comes next.
    for (let n = 0; n < 2 * places; n++) await once(dial(replica.url), 'connect');
    caller.write(request(path, authorized));
    expect(await readUntil(caller, '}')).toContain('200 OK');
  });
});
