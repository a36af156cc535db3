import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { createBrotliCompress, createGzip, gzipSync, type Gzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { runHandshake } from '../../apps/connector/src/handshake/handshake.js';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modern, postRequest } from '../support/proxy/rpc.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange, sseScript, type UpstreamScript } from '../support/upstreams/index.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 't0' } };
const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';
const LISTED = { 'tools/list': { tools: [tool('t0').definition] } };

const event = (message: object): string => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
const log = (data: string) => ({ method: 'notifications/message', params: { level: 'info', data } });

/** Begins a compressed stream; what is written to it is sent at once. */
function compressed(response: ServerResponse, encoder: Gzip, coding: string): (text: string) => void {
  response.writeHead(200, { ...STREAM_TYPE, 'content-encoding': coding });
  response.flushHeaders();
  encoder.pipe(response);
  return (text) => {
    encoder.write(text);
    encoder.flush();
  };
}

function verify(url: string, transport: 'streamable-http' | 'sse' = 'streamable-http') {
  const task = { url, transport, policy: { allowed: ['127.0.0.0/8'] }, timeoutMs: 10_000 };
  return runHandshake(task, { scheme: 'none' });
}

describeProxies('the responses of an odd upstream', 1, ({ proxies, keep, serve, startUpstream }) => {
  const served = async (script: UpstreamScript, facts: object, gateway: object = {}): Promise<string> =>
    (await serve([await startUpstream(script)], {}, { facts, ...gateway })).url;

  it('are plain for a client that is stricter than the official SDKs', async () => {
    verifies('relay.as-tolerant-as-the-sdks');
    const bodies = [RESULT.replace('1,', '"1",'), `\ufeff${RESULT}`, `[${RESULT}]`, gzipSync(RESULT)];
    for (const body of bodies) {
      const headers = typeof body === 'string' ? JSON_TYPE : { ...JSON_TYPE, 'content-encoding': 'gzip' };
      const url = await served(({ response }) => void response.writeHead(200, headers).end(body), {});
      const response = await fetch(url, postRequest(CALL));
      const text = await response.text();
      expect(JSON.parse(text.trim())).toEqual(JSON.parse(RESULT));
      expect(text.trim().startsWith('{')).toBe(true);
      expect(response.headers.get('content-encoding')).toBeNull();
    }
    const streamed = event({ id: '1', result: { content: [] } });
    const url = await served(({ response }) => void response.writeHead(200, STREAM_TYPE).end(streamed), {});
    expect((await legacy(url, 'tools/call', { name: 't0' })).body.id).toBe(1);
  });

  it('name the gateway in elicitations, whatever is around the message', async () => {
    const asks = { method: 'elicitation/create', params: { message: 'Really?', requestedSchema: { type: 'object' } } };
    const result = { resultType: 'input_required', inputRequests: { a: asks } };
    const json = JSON.stringify({ jsonrpc: '2.0', id: 1, result });
    const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
    for (const body of [`\ufeff${json}`, `[${json}]`, gzipSync(json)]) {
      const coding = typeof body === 'string' ? {} : { 'content-encoding': 'gzip' };
      const script: UpstreamScript = ({ response }) =>
        void response.writeHead(200, { ...JSON_TYPE, ...coding }).end(body);
      const upstreams = [await startUpstream(script), await startUpstream(script)];
      const { url } = await serve(upstreams, {}, { facts: MODERN_FACTS });
      const answer = await modern(url, 'tools/call', { name: 't0', _meta: meta });
      expect(answer.text).toContain('[g0] Really?');
    }
  });

  it.each([
    ['gzip', () => createGzip(), 'legacy', {}],
    ['br', () => createBrotliCompress(), 'modern', MODERN_FACTS],
    ['gzip', () => createGzip(), 'legacy', MODERN_FACTS],
    ['gzip', () => createGzip(), 'modern', { sessionful: false }],
  ] as const)('in %s are passed on event by event (%#)', async (coding, encoder, client, facts) => {
    verifies('relay.as-tolerant-as-the-sdks');
    let say: ((text: string) => void) | undefined;
    const url = await served(({ response }) => void (say = compressed(response, encoder(), coding)), facts);
    const params = { name: 't0', _meta: { progressToken: 1 } };
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const asModern = { ...CALL, params: { ...params, _meta: { ...params._meta, ...meta } } };
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 't0' };
    const request = client === 'legacy' ? postRequest({ ...CALL, params }) : postRequest(asModern, headers);
    const opening = openStream(url, request);
    await eventually(() => expect(say).toBeDefined());
    for (let progress = 1; progress <= 3; progress++) {
      say?.(event({ method: 'notifications/progress', params: { progressToken: 1, progress } }));
      const { body } = await (await opening).message();
      expect(body).toMatchObject({ method: 'notifications/progress', params: { progress } });
    }
    say?.(event({ id: 1, result: { content: [], resultType: 'complete' } }));
    const stream = await opening;
    expect((await stream.message()).body).toMatchObject({ id: 1, result: { content: [] } });
    expect(stream.headers.get('content-encoding')).toBeNull();
    stream.close();
  });

  it('are decoded no faster than the client reads', async () => {
    verifies('relay.streamed');
    let written = 0;
    const url = await served(({ response }) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
      response.write(gzipSync('{"jsonrpc":"2.0","id":1,"result":"'));
      const chunk = gzipSync(randomBytes(256 * 1024).toString('hex'));
      const more = (): void => {
        while (written < 64 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end(gzipSync('"}'));
      };
      more();
    }, {});
    const socket = connect(Number(new URL(proxies.replicas[0]?.url ?? '').port), '127.0.0.1');
    const body = JSON.stringify(CALL);
    const head = `POST ${new URL(url).pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json`;
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await once(socket, 'data');
    socket.pause();
    await eventually(async () => {
      const before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(written).toBe(before);
    });
    expect(written).toBeLessThan(48 * 1024 * 1024);
    socket.destroy();
  });

  it.each([
    ['in gzip', { ...STREAM_TYPE, 'content-encoding': 'gzip' }],
    ['without a media type', {}],
  ])('to a GET are a stream %s', async (_what, headers) => {
    const script = legacyScript({
      sessionId: 's',
      answers: {
        GET: ({ response }) => {
          const text = event(log('hello'));
          const body = 'content-encoding' in headers ? gzipSync(text) : text;
          response.writeHead(200, headers).write(body);
        },
      },
    });
    const url = await served(script, { sessionful: true });
    const session = await begin(url);
    await legacy(url, 'tools/call', { name: 't0' }, session);
    const stream = keep(await listen(url, session));
    expect((await stream.message()).body).toMatchObject(log('hello'));
  });

  const acknowledgements: [string, (exchange: ScriptedExchange) => void][] = [
    ['200 without a body', ({ response }) => void response.writeHead(200).end()],
    [
      '202 and a text in gzip',
      ({ response }) => {
        response.writeHead(202, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync('Accepted'));
      },
    ],
    ['202 and a JSON text', ({ response }) => void response.writeHead(202, JSON_TYPE).end('{"ok":true}')],
    ['204', ({ response }) => void response.writeHead(204).end()],
    ['a stream without an end', ({ response }) => void response.writeHead(200, STREAM_TYPE).write(': hello\n\n')],
  ];
  it.each(acknowledgements)('to a notification may be %s', async (_what, acknowledge) => {
    verifies('relay.as-tolerant-as-the-sdks');
    const script = legacyScript({
      sessionId: 's',
      results: { ...LISTED, 'tools/call': { content: [] } },
      answers: { 'notifications/initialized': acknowledge },
    });
    const upstream = await startUpstream(script);
    expect(await verify(upstream.url)).toMatchObject({ status: 'verified', counts: { tools: 1 } });
    const { url } = await serve([upstream], {}, { facts: { sessionful: true } });
    const { body } = await legacy(url, 'tools/call', { name: 't0' }, await begin(url));
    expect(body).toMatchObject({ id: 1, result: { content: [] } });
  });

  it.each([
    ['without a media type', {}, (json: string) => json],
    ['after a byte order mark', JSON_TYPE, (json: string) => `\ufeff${json}`],
    ['in gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }, (json: string) => gzipSync(json)],
    ['in a list', JSON_TYPE, (json: string) => `[${json}]`],
    ['without an id', JSON_TYPE, (json: string) => json.replace('"id":1,', '')],
    ['with a string id', JSON_TYPE, (json: string) => json.replace('"id":1', '"id":"1"')],
  ])('with a status of failure may have their error %s', async (_what, headers, change) => {
    const error = { code: -32602, message: 'bad', data: { x: 1 } };
    const json = JSON.stringify({ jsonrpc: '2.0', id: 1, error });
    const script: UpstreamScript = ({ response }) => void response.writeHead(400, headers).end(change(json));
    for (const [ask, facts] of [
      [legacy, {}],
      [modern, MODERN_FACTS],
      [modern, {}],
      [legacy, MODERN_FACTS],
    ] as const) {
      const { body } = await ask(await served(script, facts), 'tools/call', { name: 't0' });
      expect(body).toMatchObject({ id: 1, error });
    }
  });

  it('with a status of failure are not read to an end that never comes', async () => {
    const script: UpstreamScript = ({ response }) => {
      response.writeHead(500, { 'content-encoding': 'gzip' }).write(gzipSync(Buffer.alloc(1024 * 1024)));
    };
    for (const facts of [{}, MODERN_FACTS]) {
      const { body } = await legacy(await served(script, facts), 'tools/call', { name: 't0' });
      expect(body.error.data).toMatchObject({ reason: 'upstream_failed', why: 'http_status', httpStatus: 500 });
    }
  });

  it('may end a list with an empty cursor, in a verification and in a live list', async () => {
    verifies('relay.as-tolerant-as-the-sdks');
    const page = { ...LISTED['tools/list'], nextCursor: '' };
    const rejecting: UpstreamScript = ({ message, reply, replyError }) => {
      if (message.params?.['cursor'] === undefined) reply(page);
      else replyError(400, { code: -32602, message: 'Invalid cursor' });
    };
    for (const answer of [({ reply }: ScriptedExchange): void => reply(page), rejecting]) {
      const upstream = await startUpstream(legacyScript({ answers: { 'tools/list': answer } }));
      expect(await verify(upstream.url)).toMatchObject({ status: 'verified', counts: { tools: 1, skipped: 0 } });
      const { url } = await serve([upstream], {}, { facts: {}, listing: 'live' });
      const { body } = await legacy(url, 'tools/list');
      expect(body.result).toMatchObject({ tools: [{ name: 't0' }] });
      expect(body.result).not.toHaveProperty('_meta');
    }
  });

  it('may have tools with schemas that no client can compile: all tools are listed, and these can be called', async () => {
    verifies('verification.bad-schemas-held-back');
    const schema = (of: object) => ({ type: 'object', properties: { a: of } });
    const bad = schema({ $ref: '#/$defs/missing', description: 'text' });
    const tools = [
      { name: 't0', inputSchema: schema({ type: 'string' }), outputSchema: schema({ type: 'string' }) },
      { name: 't1', inputSchema: bad, outputSchema: bad },
      { name: 't2', inputSchema: schema({ type: 'string', pattern: '(?P<x>a)' }) },
    ];
    const result = { content: [], structuredContent: { a: 'x' } };
    const direct = await startUpstream(legacyScript({ results: { 'tools/list': { tools }, 'tools/call': result } }));
    const client = keep(await connectLegacy(direct.url, {}));
    await expect(client.listTools()).rejects.toThrow("can't resolve reference");

    const outcome = await verify(direct.url);
    expect(outcome).toMatchObject({
      status: 'verified',
      counts: { tools: 3, skipped: 0 },
      warnings: [
        { code: 'schema_held_back', pointer: '/items/1/definition/inputSchema' },
        { code: 'schema_held_back', pointer: '/items/1/definition/outputSchema' },
        { code: 'schema_held_back', pointer: '/items/2/definition/inputSchema' },
      ],
    });
    const items = outcome.status === 'verified' ? outcome.items : [];
    const { url } = await serve([direct], {}, { facts: {}, items });
    for (const connect of [connectLegacy, connectModern]) {
      const through = keep(await connect(url, {}));
      const listed = (await through.listTools()).tools;
      expect(listed.map(({ name }) => name)).toEqual(['t0', 't1', 't2']);
      expect(listed[0]).toMatchObject(tools[0] ?? {});
      expect(listed[1]).toMatchObject({ inputSchema: schema({ description: 'text' }) });
      for (const name of ['t0', 't1', 't2']) {
        expect(await through.callTool({ name, arguments: { a: 'x' } })).toMatchObject(result);
      }
    }
  });

  it('of the HTTP+SSE transport may be in gzip, and may have string ids', async () => {
    const { script } = sseScript(
      { results: LISTED },
      {
        answers: {
          'tools/call': ({ id }, send) => {
            send({ id: String(id), result: { content: [] } });
          },
        },
      },
    );
    const odd: UpstreamScript = (exchange) => {
      const { request, response } = exchange;
      if (request.method !== 'GET') return script(exchange);
      const gzip = createGzip();
      const say = compressed(response, gzip, 'gzip');
      const write = Object.assign(Object.create(response) as ServerResponse, {
        writeHead: () => write,
        write: (text: string) => say(text),
      });
      return script({ ...exchange, response: write });
    };
    const upstream = await startUpstream(odd);
    expect(await verify(upstream.url, 'sse')).toMatchObject({ status: 'verified', counts: { tools: 1 } });
    const { url } = await serve([upstream], {}, { facts: { transport: 'sse' } });
    for (const ask of [legacy, modern]) {
      expect((await ask(url, 'tools/call', { name: 't0' })).body).toMatchObject({ id: 1, result: { content: [] } });
    }
  });
});
