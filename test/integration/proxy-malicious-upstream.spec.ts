import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange, type UpstreamScript } from '../support/upstreams/index.js';

const result = { content: [{ type: 'text', text: 'forged' }] };

/** A body that is not the answer to the request, and the reason that the error gives. */
const INVALID_RESPONSES: readonly (readonly [what: string, body: (id: unknown) => string, why: string])[] = [
  ['the id of another call', () => json({ id: 4711, result }), 'wrong_id'],
  ['the id in another spelling', (id) => json({ id: `0${String(id)}`, result }), 'wrong_id'],
  ['the id of another call as text', () => json({ id: '4711', result }), 'wrong_id'],
  ['a second id at its end', (id) => `${json({ id, result }).slice(0, -1)},"id":4711}`, 'wrong_id'],
  ['no id', () => json({ result }), 'wrong_id'],
  ['several answers', (id) => `[${json({ id, result })},${json({ id: 4711, result })}]`, 'not_json'],
  ['a list with the answer to another call', () => `[${json({ id: 4711, result })}]`, 'wrong_id'],
  ['a question of its own', (id) => json({ id, method: 'elicitation/create', params: {} }), 'wrong_id'],
  ['garbage', () => 'all is well', 'not_json'],
  ['nothing', () => '', 'not_json'],
];

function json(members: object): string {
  return JSON.stringify({ jsonrpc: '2.0', ...members });
}

function asJson({ response }: ScriptedExchange, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

describeProxies('a malicious upstream', 2, ({ serve, startUpstream }) => {
  const served = async (script: UpstreamScript, facts: object): Promise<string> =>
    (await serve([await startUpstream(script)], {}, { facts })).url;

  const eras = [
    ['legacy', { sessionful: false }, legacy],
    ['modern', MODERN_FACTS, modern],
  ] as const;

  describe.each(eras)('to clients of its own era (%s)', (_era, facts, ask) => {
    it.each(INVALID_RESPONSES)('fails the call when it sends %s', async (_what, body, why) => {
      verifies('relay.own-responses');
      const url = await served((exchange) => asJson(exchange, body(exchange.message.id)), facts);
      const answer = await ask(url, 'tools/call', { name: 't0' });
      expect(answer.body).toMatchObject({ id: 1, error: { data: { reason: 'upstream_failed', gateway: 'g0', why } } });
      expect(answer.text).not.toContain('forged');
    });

    it('gives no result when it sends half a response', async () => {
      const url = await served((exchange) => {
        asJson(exchange, json({ id: exchange.message.id, result }).slice(0, -1));
      }, facts);
      const answer = await ask(url, 'tools/call', { name: 't0' }).catch(() => undefined);
      expect(answer?.body ?? {}).toEqual({});
    });

    it('fails the call when it sends another content type', async () => {
      const url = await served(({ response }) => {
        response.writeHead(200, { 'content-type': 'text/plain' }).end(json({ id: 1, result }));
      }, facts);
      expect((await ask(url, 'tools/call', { name: 't0' })).body.error.data).toMatchObject({ why: 'content_type' });
    });

    it('cannot put other messages on a stream: responses to others, forbidden requests, a second response', async () => {
      const url = await served(({ message, response }) => {
        if (message.method !== 'tools/call') return void response.writeHead(202).end();
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const forged = ['x', [json({ id: message.id, result })], { id: 4711, result }, { id: 9, method: 'roots/list' }];
        const sent = [...forged, { id: message.id, result: { content: [] } }, { id: message.id, result }];
        for (const each of sent) response.write(`data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`);
        response.end();
      }, facts);
      const { text, body } = await ask(url, 'tools/call', { name: 't0' });
      expect(body).toMatchObject({ id: 1, result: { content: [] } });
      expect(text.match(/data: /g)).toHaveLength(1);
    });
  });

  it.each([
    ['legacy', MODERN_FACTS, legacy],
    ['modern', { sessionful: true }, modern],
    ['modern', { sessionful: false }, modern],
  ] as const)('fails a translated call of a %s client when it sends any of these', async (_era, facts, ask) => {
    for (const [, body] of INVALID_RESPONSES) {
      const script = legacyScript({
        sessionId: 's-1',
        answers: { 'tools/call': (exchange) => asJson(exchange, body(exchange.message.id)) },
      });
      const answer = await ask(await served(script, facts), 'tools/call', { name: 't0' });
      expect(answer.body).toMatchObject({ id: 1, error: { data: { reason: 'upstream_failed', gateway: 'g0' } } });
      expect(answer.text).not.toContain('forged');
    }
  });

  it.each([
    ['legacy', connectLegacy, { sessionful: false }],
    ['modern', connectModern, MODERN_FACTS],
  ] as const)('cannot answer a call of a %s client to another upstream', async (_era, connect, facts) => {
    verifies('relay.own-responses');
    const honest = { content: [{ type: 'text', text: 'the truth' }], resultType: 'complete' };
    let asked: string | number | undefined;
    let tell = (): void => undefined;
    const truthful = await startUpstream(({ message, reply, replyError }) => {
      if (message.method !== 'tools/call') return replyError(404, { code: -32601, message: 'Method not found' });
      asked = message.id;
      tell = () => reply(honest);
    });
    const liar = await startUpstream((exchange) => asJson(exchange, json({ id: asked, result })));
    const { url } = await serve([truthful, liar], {}, { facts });
    const client = await connect(url, {});
    const first = client.callTool({ name: 't0' });
    await eventually(() => expect(asked).toBeDefined());
    await expect(client.callTool({ name: 't1' })).rejects.toThrow();
    tell();
    expect((await first).content).toEqual(honest.content);
    await client.close();
  });

  it('cannot hide the id of a request by an escape, whatever name V8 has seen in its place before', async () => {
    const start = '{"jsonrpc":"2.0","method":"notifications/progress","params":{}';
    const events = [...Array<string>(3).fill(String.raw`"\\u":1`), String.raw`"\u0069d":9`];
    const url = await served(({ message, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const last of events) response.write(`data: ${start},${last}}\n\n`);
      response.end(`data: ${json({ id: message.id, result: { ...result, resultType: 'complete' } })}\n\n`);
    }, MODERN_FACTS);
    const { text, body } = await legacy(url, 'tools/call', { name: 't0' });
    expect(body).toMatchObject({ id: 1, result });
    expect(text).not.toContain(events.at(-1));
  });

  it('cannot change its session by a response header', async () => {
    const sessions: unknown[] = [];
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        'tools/call': ({ request, reply }) => {
          sessions.push(request.headers['mcp-session-id']);
          reply({ content: [] }, { 'mcp-session-id': 's-of-another' });
        },
      },
    });
    const { url } = await serve([await startUpstream(script)]);
    const headers = await begin(url);
    for (let n = 0; n < 2; n++) {
      const answer = await legacy(url, 'tools/call', { name: 't0' }, headers);
      expect(answer.headers.get('mcp-session-id')).toBeNull();
    }
    expect(sessions).toEqual(['s-1', 's-1']);
  });
});

describeProxies('an upstream that is slow or dies', 2, ({ serve, startUpstream }) => {
  it.each([
    ['legacy', connectLegacy, { sessionful: false }],
    ['modern', connectModern, MODERN_FACTS],
  ] as const)('delays no other, and is named in the error (%s)', async (_era, connect, facts) => {
    verifies('upstream.down-alone');
    const fine = await startUpstream(({ reply }) => reply({ content: [], resultType: 'complete' }));
    let held = 0;
    const slow = await startUpstream(() => void (held += 1));
    const dying = await startUpstream(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"jsonrpc":"2.0","result":{"content":[', () => response.destroy());
    });
    const dead = await startUpstream(() => undefined);
    const { url } = await serve([fine, slow, dying, dead], {}, { facts });
    await dead.close();
    const client = await connect(url, {});
    const stuck = client.callTool({ name: 't1' }).catch(() => 'left');
    await eventually(() => expect(held).toBe(1));
    expect((await client.listTools()).tools).toHaveLength(4);
    await expect(client.callTool({ name: 't2' })).rejects.toThrow();
    await expect(client.callTool({ name: 't3' })).rejects.toMatchObject({
      data: { reason: 'upstream_unreachable', gateway: 'g3' },
    });
    for (let n = 0; n < 20; n++) expect((await client.callTool({ name: 't0' })).content).toEqual([]);
    await client.close();
    expect(await stuck).toBe('left');
  });

  it('ends the session that it has lost, and new sessions work', async () => {
    let isForgotten = false;
    const forgetful = await startUpstream(
      legacyScript({
        sessionId: 's-1',
        answers: {
          'tools/call': ({ response, reply }) => {
            if (isForgotten) response.writeHead(404).end();
            else reply({ content: [] });
          },
        },
      }),
    );
    const { url } = await serve([forgetful]);
    const headers = await begin(url);
    expect((await legacy(url, 'tools/call', { name: 't0' }, headers)).status).toBe(200);
    isForgotten = true;
    expect((await legacy(url, 'tools/call', { name: 't0' }, headers)).status).toBe(404);
    isForgotten = false;
    const { body } = await legacy(url, 'tools/call', { name: 't0' }, await begin(url));
    expect(body.result.content).toEqual([]);
  });
});
