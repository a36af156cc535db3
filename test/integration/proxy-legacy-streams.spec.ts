import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, post, postRequest } from '../support/proxy/rpc.js';
import { legacyScript, type ScriptedExchange, type UpstreamScript } from '../support/upstreams/index.js';

const ASKED = { sampling: {}, elicitation: {}, roots: {} };
const event = (message: object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
const log = (data: string) => ({ method: 'notifications/message', params: { level: 'info', data } });

/** Begins a stream of events on an upstream's answer. */
function stream({ response }: ScriptedExchange, ...events: string[]): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const text of events) response.write(text);
  return response;
}

describeProxies('streams of legacy clients, through two proxies', 2, ({ proxies, keep, serve, startUpstream }) => {
  const listening = async (...args: Parameters<typeof listen>): Promise<EventStream> => keep(await listen(...args));
  /** A call of `t0` with id 1, answered by a stream. */
  const calling = async (url: string, session: Record<string, string>): Promise<EventStream> => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 't0' } };
    return keep(await openStream(url, postRequest(call, session)));
  };
  const upstream = (sessionId: string, answers: Record<string, UpstreamScript>) =>
    startUpstream(legacyScript({ sessionId, answers }));
  /** An upstream whose GET streams are kept, so that a test can speak on them. */
  async function speaking(sessionId: string, answers: Record<string, UpstreamScript> = {}) {
    const opened: { response: ServerResponse; lastEventId: unknown }[] = [];
    const member = await upstream(sessionId, {
      GET: (exchange) => {
        const lastEventId = exchange.request.headers['last-event-id'];
        opened.push({ response: stream(exchange), lastEventId });
      },
      ...answers,
    });
    const say = (text: string): void => void opened.at(-1)?.response.write(text);
    return { member, opened, say };
  }

  it('answer a ping of an upstream without a session in the place of the client', async () => {
    const answered: unknown[] = [];
    const script = legacyScript({
      answers: {
        'tools/call': ({ response, message }: ScriptedExchange) => {
          const ping = { jsonrpc: '2.0', id: 'p-1', method: 'ping' };
          const result = { jsonrpc: '2.0', id: message.id, result: { content: [] } };
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(`data: ${JSON.stringify(ping)}\n\ndata: ${JSON.stringify(result)}\n\n`);
        },
      },
    });
    const member = await startUpstream((exchange: ScriptedExchange) => {
      if (exchange.message.method !== undefined) return script(exchange);
      answered.push(exchange.message);
      exchange.response.writeHead(202).end();
    });
    const { url } = await serve([member], {}, { facts: { sessionful: false } });
    const { text } = await legacy(url, 'tools/call', { name: 't0' });
    expect(text).not.toContain('ping');
    await eventually(() => expect(answered).toEqual([{ jsonrpc: '2.0', id: 'p-1', result: {} }]));
  });

  it('bring the messages of all upstreams, and resume all of them by one event id on another replica', async () => {
    verifies('legacy.streams-resume-anywhere');
    const [a, b] = [await speaking('a-1'), await speaking('b-1')];
    const { url } = await serve([a.member, b.member]);
    const session = await begin(url);
    const first = await listening(url, session);
    expect(first.headers.get('content-type')).toBe('text/event-stream');
    a.say(event(log('from a'), 'a-event-1'));
    expect((await first.message()).body).toMatchObject(log('from a'));
    b.say(event(log('from b'), 'b-event-7'));
    const last = await first.message();
    expect(last.body).toMatchObject(log('from b'));
    expect(last.id).not.toContain('event');
    first.close();
    const second = await listening(url, { ...session, 'last-event-id': last.id ?? '' });
    expect(second.status).toBe(200);
    expect(a.opened.at(-1)?.lastEventId).toBe('a-event-1');
    expect(b.opened.at(-1)?.lastEventId).toBe('b-event-7');
    b.say(event(log('again')));
    expect((await second.message()).body).toMatchObject(log('again'));
  });

  it('are resumed by a client of the SDK when an upstream ends one in the middle of a call', async () => {
    const resumed: unknown[] = [];
    const member = await upstream('a-1', {
      'tools/call': (exchange) => {
        const { id } = exchange.message;
        stream(exchange, 'id: e-1\nretry: 20\ndata: \n\n', event(log('working'), 'e-2')).end();
        resumed.push(id);
      },
      GET: (exchange) => {
        const after = exchange.request.headers['last-event-id'];
        if (after === undefined) return void exchange.response.writeHead(405).end();
        resumed.push(after);
        stream(exchange, event({ id: resumed[0], result: { content: [{ type: 'text', text: 'done' }] } }, 'e-3')).end();
      },
    });
    const { url } = await serve([member]);
    const client = await connectLegacy(url, {});
    const answer = await client.callTool({ name: 't0', arguments: {} });
    expect(JSON.stringify(answer)).toContain('done');
    expect(resumed.at(-1)).toBe('e-2');
    await client.close();
  });

  it('end the upstream’s stream when the client disconnects from a resumable one, and go on when it resumes', async () => {
    const left: string[] = [];
    const member = await upstream('a-1', {
      'tools/call': (exchange) => {
        const response = stream(exchange, event(log('working'), 'e-1'));
        response.once('close', () => left.push('post'));
      },
      GET: (exchange) => {
        if (exchange.request.headers['last-event-id'] !== 'e-1') return void exchange.response.writeHead(405).end();
        stream(exchange, event({ id: 1, result: {} }, 'e-2'));
      },
    });
    const { url } = await serve([member]);
    const session = await begin(url);
    const call = await calling(url, session);
    const place = (await call.message()).id ?? '';
    call.close();
    await eventually(() => expect(left).toEqual(['post']));
    const rest = await listening(url, { ...session, 'last-event-id': place });
    expect((await rest.message()).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    await rest.ended();
  });

  it('carry server requests, whose responses reach the upstream that asked and no other', async () => {
    verifies('legacy.responses-stay-apart');
    const answers: [string, unknown][] = [];
    const asking = async (name: string) => {
      const asked = await speaking(name);
      return {
        ...asked,
        member: await startUpstream(({ request, response, message, reply }) => {
          if (message.method === 'initialize') {
            return legacyScript({ sessionId: `${name}-${answersOf(name)}` })({
              request,
              response,
              message,
              reply,
            } as never);
          }
          if (request.method === 'GET')
            return void asked.opened.push({ response: stream({ response } as never), lastEventId: 0 });
          if (message.method === undefined && request.method === 'POST') {
            answers.push([String(request.headers['mcp-session-id']), message]);
          }
          response.writeHead(202).end();
        }),
      };
    };
    let sessions = 0;
    const answersOf = (_name: string): number => ++sessions;
    const [a, b] = [await asking('a'), await asking('b')];
    const { url } = await serve([a.member, b.member]);
    const mine = await begin(url, {}, ASKED);
    const theirs = await begin(url, {}, ASKED);
    const myStream = await listening(url, mine);
    const theirStream = await listening(url, theirs);
    // Both upstreams ask both clients under the same id.
    for (const { opened } of [a, b]) {
      for (const { response } of opened) response.write(event({ id: 0, method: 'roots/list' }));
    }
    const questions = [await myStream.message(), await myStream.message()];
    const theirQuestion = (await theirStream.message()).body['id'];
    const ids = questions.map(({ body }) => body['id']);
    expect(new Set([...ids, theirQuestion, 0]).size).toBe(4);
    for (const [n, id] of ids.entries()) {
      expect((await post(url, { jsonrpc: '2.0', id, result: { roots: [], n } }, mine)).status).toBe(202);
    }
    expect(answers.map(([session]) => session[0]).sort()).toEqual(['a', 'b']);
    for (const [session, message] of answers) {
      expect(message).toMatchObject({ id: 0, result: { roots: [] } });
      expect(mine['mcp-session-id']).not.toContain(session);
    }
    // Another session, no session, and made-up ids bring nothing anywhere.
    const before = answers.length;
    const attempts: [unknown, Record<string, string>][] = [
      [theirQuestion, mine],
      [ids[0], theirs],
      [ids[0], {}],
      [`${String(ids[0]).slice(0, -2)}AA`, mine],
      [0, mine],
    ];
    for (const [id, headers] of attempts) {
      const refused = await post(url, { jsonrpc: '2.0', id, result: { roots: [] } }, headers);
      expect(refused.status).toBe(400);
    }
    expect(answers).toHaveLength(before);
  });

  it('bring progress to the upstream that asked for it, and a cancelled request to the client that got it', async () => {
    const received: unknown[] = [];
    const a = await speaking('a-1', {
      'notifications/progress': ({ message, response }) => {
        received.push(message.params);
        response.writeHead(202).end();
      },
    });
    const b = await speaking('b-1');
    const { url } = await serve([a.member, b.member]);
    const session = await begin(url, {}, ASKED);
    const open = await listening(url, session);
    const params = { _meta: { progressToken: 3 }, messages: [] };
    a.say(event({ id: 'q', method: 'sampling/createMessage', params }));
    const { body } = await open.message();
    const token = (body['params'] as typeof params)._meta.progressToken;
    expect(token).not.toBe(3);
    const before = b.member.received.length;
    const progress = {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: token, progress: 1 },
    };
    expect((await post(url, progress, session)).status).toBe(202);
    expect(received).toEqual([{ progressToken: 3, progress: 1 }]);
    expect(b.member.received).toHaveLength(before);
    a.say(event({ method: 'notifications/cancelled', params: { requestId: 'q' } }));
    expect((await open.message()).body).toMatchObject({ params: { requestId: body['id'] } });
  });

  it('carry no request for a capability that the client lacks: the upstream gets an error at once', async () => {
    const rejected: unknown[] = [];
    const a = await speaking('a-1');
    const member = await startUpstream((exchange) => {
      const { message, request } = exchange;
      if (request.method === 'GET') return void a.opened.push({ response: stream(exchange), lastEventId: undefined });
      if (message.method === undefined) rejected.push(message);
      return legacyScript({ sessionId: 'a-1' })(exchange);
    });
    const { url } = await serve([member]);
    const open = await listening(url, await begin(url, {}, { sampling: {} }));
    a.say(event({ id: 5, method: 'elicitation/create', params: {} }));
    await eventually(() => expect(rejected).toMatchObject([{ id: 5, error: { code: -32601 } }]));
    a.say(event({ id: 6, method: 'sampling/createMessage', params: {} }));
    expect((await open.message()).body).toMatchObject({ method: 'sampling/createMessage' });
  });

  it('reopen an upstream’s stream when it ends, after its last event', async () => {
    const a = await speaking('a-1');
    const { url } = await serve([a.member]);
    const open = await listening(url, await begin(url));
    a.say(event(log('one'), 'e-1'));
    await open.message();
    a.say('retry: 10\n\n');
    a.opened.at(-1)?.response.end();
    await eventually(() => expect(a.opened.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e-1']));
    a.say(event(log('two'), 'e-2'));
    expect((await open.message()).body).toMatchObject(log('two'));
  });

  it('get 404 when an upstream has lost the session, and end when it loses it later', async () => {
    let isForgotten = false;
    const a = await speaking('a-1');
    const member = await startUpstream((exchange) => {
      if (exchange.request.method !== 'GET') return legacyScript({ sessionId: 'a-1' })(exchange);
      if (isForgotten) return void exchange.response.writeHead(404).end();
      a.opened.push({ response: stream(exchange, 'retry: 10\n\n'), lastEventId: undefined });
    });
    const { url } = await serve([member]);
    const session = await begin(url);
    const open = await listening(url, session);
    isForgotten = true;
    a.opened.at(-1)?.response.end();
    await open.ended();
    expect((await listening(url, session)).status).toBe(404);
  });

  it('need a session, and an event id of that session', async () => {
    const a = await speaking('a-1');
    const { url } = await serve([a.member]);
    expect((await fetch(url)).status).toBe(405);
    const session = await begin(url);
    const open = await listening(url, session);
    a.say(event(log('one'), 'e-1'));
    const { id = '' } = await open.message();
    expect((await listening(url, { ...(await begin(url)), 'last-event-id': id })).status).toBe(400);
    expect((await listening(url, { ...session, 'last-event-id': 'e-1' })).status).toBe(400);
    expect((await listening(url, { 'mcp-session-id': 'x' })).status).toBe(404);
  });

  it('open without the upstreams that have no stream, hang or refuse the credential', async () => {
    const a = await speaking('a-1');
    const none = await upstream('b-1', {});
    const refuses = await upstream('c-1', { GET: ({ response }) => void response.writeHead(401).end() });
    const hangs = await upstream('d-1', { GET: () => undefined });
    const { url } = await serve([a.member, none, refuses, hangs]);
    const open = await listening(url, await begin(url));
    a.say(event(log('received')));
    expect((await open.message()).body).toMatchObject(log('received'));
  });

  it('send each upstream its own credential, from the request that opened them', async () => {
    const [a, b] = [await speaking('a-1'), await speaking('b-1')];
    const { url } = await serve([a.member, b.member]);
    const session = await begin(url, { 'x-upstream-g0-authorization': 'Bearer old' });
    const headers = { 'x-upstream-g0-authorization': 'Bearer for-a', 'x-upstream-g1-authorization': 'Bearer for-b' };
    await listening(url, { ...session, ...headers });
    const gets = ({ member }: typeof a) => member.received.filter(({ method }) => method === 'GET');
    expect(gets(a).map(({ headers }) => headers.authorization)).toEqual(['Bearer for-a']);
    expect(gets(b).map(({ headers }) => headers.authorization)).toEqual(['Bearer for-b']);
    expect(JSON.stringify([a.member.received, b.member.received])).not.toContain('x-upstream');
  });

  it('notify of changes of the virtual server, also when the client was away meanwhile', async () => {
    verifies('legacy.list-changed');
    const a = await speaking('a-1');
    const { url, manifest } = await serve([a.member]);
    const client = await connectLegacy(url, {});
    const session = await begin(url);
    const open = await listening(url, session);
    const primed = await open.next();
    open.close();
    expect(primed).toMatchObject({ data: '' });
    expect((await client.listTools()).tools).toHaveLength(1);
    const names = [{ kind: 'tool' as const, exposed: 'renamed', gateway: manifest.gateways[0]?.id ?? '', own: 't0' }];
    const changed = {
      ...manifest,
      revision: manifest.revision + 1_000,
      names: [proxies.routes.putBlock({ kind: 'names', items: names })],
    };
    const live = await listening(url, session);
    await live.next();
    proxies.routes.putManifest(changed.slug, await proxies.routes.sign(changed));
    expect((await live.message()).body).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    const back = await listening(url, { ...session, 'last-event-id': primed?.id ?? '' });
    expect((await back.message()).body).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['renamed']);
    await client.close();
  });

  it('end when the caller may no longer use the virtual server', async () => {
    const a = await speaking('a-1');
    const { url, manifest } = await serve([a.member]);
    const session = await begin(url);
    const open = await listening(url, session);
    const closed = { ...manifest, revision: manifest.revision + 1_000, access: 'key' as const };
    proxies.routes.putManifest(closed.slug, await proxies.routes.sign(closed));
    await open.ended();
    await eventually(() => expect(a.opened.every(({ response }) => response.destroyed)).toBe(true));
  });

  it('hold an upstream back while the client is slower, and go on when it reads', async () => {
    let written = 0;
    const a = await speaking('a-1');
    const { url } = await serve([a.member]);
    const session = await begin(url);
    const answer = await fetch(url, { headers: { ...session, accept: 'text/event-stream' } });
    const response = a.opened.at(-1)?.response as ServerResponse;
    const text = event(log('x'.repeat(64 * 1024)), 'e');
    while (response.write(text)) written += 1;
    for (let n = 0; n < 400 && response.writableLength < 4 * 1024 * 1024; n++, written++) {
      response.write(text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(response.writableNeedDrain).toBe(true);
    const reader = answer.body!.getReader();
    let read = 0;
    const drained = once(response, 'drain');
    while (response.writableLength > 0) {
      const { value } = await reader.read();
      read += value instanceof Uint8Array ? value.length : 0;
    }
    await drained;
    expect(read).toBeGreaterThan(0);
    await reader.cancel();
  });

  it('end at once when their replica ends, and go on at another', async () => {
    const a = await speaking('a-1');
    const { path } = await serve([a.member]);
    const leaving = await proxies.start();
    await eventually(async () => expect((await fetch(leaving.url + path)).status).toBe(405));
    const session = await begin(leaving.url + path);
    const open = await listening(leaving.url + path, session);
    a.say(event(log('one'), 'e-1'));
    const { id = '' } = await open.message();
    const startedAt = Date.now();
    await Promise.all([leaving.close(), open.ended()]);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    const next = await listening(proxies.url + path, { ...session, 'last-event-id': id });
    a.say(event(log('two'), 'e-2'));
    expect((await next.message()).body).toMatchObject(log('two'));
    expect(a.opened.at(-1)?.lastEventId).toBe('e-1');
  });

  it('of a call can be resumed after the upstream broke off', async () => {
    let isBack = false;
    const member = await upstream('a-1', {
      'tools/call': (exchange) => {
        const { response } = exchange;
        stream(exchange).write(event(log('working'), 'e-1'), () => response.destroy());
      },
      GET: (exchange) => {
        const { response, request } = exchange;
        if (request.headers['last-event-id'] === undefined) return void response.writeHead(405).end();
        if (!isBack) return void response.writeHead(503).end();
        stream(exchange, event({ id: 1, result: {} }, 'e-2'));
      },
    });
    const { url } = await serve([member]);
    const session = await begin(url);
    const call = await calling(url, session);
    const place = (await call.message()).id ?? '';
    expect(await call.next()).toBeUndefined();
    const back = { ...session, 'last-event-id': place };
    expect((await listening(url, back)).status).toBe(503);
    isBack = true;
    expect((await (await listening(url, back)).message()).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it.each([
    [405, { data: { why: 'not_resumable' } }],
    [401, { message: expect.stringContaining('No credential was sent for "g0"') as string }],
  ])('end a call with an error when its upstream answers %i instead of resuming it', async (status, error) => {
    const member = await upstream('a-1', {
      'tools/call': (exchange) => void stream(exchange, event(log('working'), 'e-1')).end(),
      GET: ({ response }) => void response.writeHead(status).end(),
    });
    const { url } = await serve([member]);
    const session = await begin(url);
    const place = (await (await calling(url, session)).message()).id ?? '';
    const rest = await listening(url, { ...session, 'last-event-id': place });
    expect((await rest.message()).body).toMatchObject({ id: 1, error });
    await rest.ended();
  });

  it('carry server requests of a session that is opened for one call, and their responses back into it', async () => {
    let isDown = true;
    let answered: ServerResponse | undefined;
    const received: unknown[] = [];
    const member = await startUpstream((exchange) => {
      const { request, response, message } = exchange;
      if (isDown) return void response.writeHead(503).end();
      if (message.method === 'initialize') received.push(message.params?.['capabilities']);
      if (message.method === 'tools/call') {
        answered = stream(exchange, event({ id: 'q', method: 'elicitation/create', params: {} }, 'e-1'));
        return;
      }
      if (message.method === undefined && request.method === 'POST') {
        received.push([request.headers['mcp-session-id'], message.id]);
        answered?.end(event({ id: 1, result: {} }, 'e-2'));
      }
      return legacyScript({ sessionId: 'once-1' })(exchange);
    });
    const { url } = await serve([member]);
    const session = await begin(url, {}, { elicitation: {} });
    isDown = false;
    const call = await calling(url, session);
    const question = await call.message();
    expect(question).toMatchObject({ id: undefined, body: { method: 'elicitation/create' } });
    const answer = { jsonrpc: '2.0', id: question.body['id'], result: { action: 'decline' } };
    expect((await post(url, answer, session)).status).toBe(202);
    expect((await call.message()).body).toMatchObject({ id: 1, result: {} });
    expect(received).toEqual([{ elicitation: {} }, ['once-1', 'q']]);
    await eventually(() => expect(member.received.at(-1)?.method).toBe('DELETE'));
  });

  it('accept subscriptions only within a session, where an upstream supports them', async () => {
    const member = await upstream('a-1', { 'resources/subscribe': ({ reply }) => reply({}) });
    const note = { kind: 'resource' as const, own: 'note://1', definition: { uri: 'note://1', name: 'note' } };
    const capabilities = { resources: { subscribe: true } };
    const { url } = await serve([member], {}, { items: [note], facts: { sessionful: true, capabilities } });
    const session = await begin(url);
    expect((await legacy(url, 'resources/subscribe', { uri: 'note://1' }, session)).body.result).toEqual({});
    expect((await legacy(url, 'resources/subscribe', { uri: 'note://1' })).body.error.data['why']).toBe('no_session');
    const plain = await serve([member], {}, { items: [note] });
    const refused = await legacy(plain.url, 'resources/subscribe', { uri: 'note://1' }, await begin(plain.url));
    expect(refused.body.error.code).toBe(-32601);
  });
});
