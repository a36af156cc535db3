import { MAX_SSE_EVENT_BYTES } from '@lethe/mcp';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { listen } from '../support/proxy/event-stream.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange } from '../support/upstreams/index.js';

/** Longer than any event that is taken. */
const TOO_LONG = 'x'.repeat(MAX_SSE_EVENT_BYTES + 1);

describeProxies('an event that is longer than the limit', 1, ({ keep, serve, startUpstream }) => {
  const answer = ({ message }: ScriptedExchange): string =>
    JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text: TOO_LONG }] } });

  const asEvent = (exchange: ScriptedExchange): void => {
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
    exchange.response.end(
      `id: e1\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\nid: e2\ndata: ${answer(exchange)}\n\n`,
    );
  };
  const asJson = (exchange: ScriptedExchange): void => {
    exchange.response.writeHead(200, { 'content-type': 'application/json' }).end(answer(exchange));
  };

  it.each([
    ['relayed to a legacy client, in a session whose streams go on', legacy, { sessionful: true }, asEvent],
    ['relayed to a legacy client without a session', legacy, { sessionful: false }, asEvent],
    ['relayed to a modern client', modern, MODERN_FACTS, asEvent],
    ['translated for a legacy client', legacy, MODERN_FACTS, asEvent],
    ['translated for a modern client', modern, { sessionful: false }, asEvent],
    ['of a session for one call', modern, { sessionful: true }, asEvent],
    ['as JSON that is translated for a modern client', modern, { sessionful: true }, asJson],
    ['as JSON that is translated for a legacy client', legacy, MODERN_FACTS, asJson],
  ] as const)('fails the call with a clear error: %s', async (_what, ask, facts, script) => {
    verifies('relay.bounded');
    const upstream = await startUpstream(legacyScript({ sessionId: 's-1', answers: { 'tools/call': script } }));
    const { url } = await serve([upstream], {}, { facts });
    const isSession = ask === legacy && 'sessionful' in facts && facts.sessionful;
    const headers = isSession ? await begin(url) : {};
    const { body } = await ask(url, 'tools/call', { name: 't0' }, headers);
    expect(body).toMatchObject({
      id: 1,
      error: { data: { reason: 'upstream_failed', gateway: 'g0', why: 'too_long' } },
    });
  });

  it('ends a resumed call with the same error, and is not requested again', async () => {
    verifies('relay.bounded');
    const gets: unknown[] = [];
    const script = legacyScript({
      sessionId: 's-1',
      answers: {
        'tools/call': ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end('id: e1\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
        },
        GET: ({ request, response }) => {
          gets.push(request.headers['last-event-id']);
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(`id: e2\ndata: {"jsonrpc":"2.0","id":1,"result":"${TOO_LONG}"}\n\n`);
        },
      },
    });
    const { url } = await serve([await startUpstream(script)]);
    const headers = await begin(url);
    const { text } = await legacy(url, 'tools/call', { name: 't0' }, headers);
    const place = /^id: (.*)$/m.exec(text)?.[1] ?? '';
    const stream = await listen(url, { ...headers, 'last-event-id': place });
    const { id, body } = await stream.message();
    expect(id).toBeUndefined();
    expect(body).toMatchObject({ id: 1, error: { data: { reason: 'upstream_failed', why: 'too_long' } } });
    await stream.ended();
    expect(gets).toEqual(['e1']);
  });

  it('on the GET stream ends the messages of that upstream, and of no other', async () => {
    let gets = 0;
    const long = await startUpstream(
      legacyScript({
        sessionId: 's-1',
        answers: {
          GET: ({ response }) => {
            gets += 1;
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.write(`retry: 50\ndata: {"jsonrpc":"2.0","method":"x","params":"${TOO_LONG}"}\n\n`);
          },
        },
      }),
    );
    let said: ScriptedExchange['response'] | undefined;
    const other = await startUpstream(
      legacyScript({
        sessionId: 's-2',
        answers: {
          GET: ({ response }) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
            said = response;
          },
        },
      }),
    );
    const { url } = await serve([long, other]);
    const stream = keep(await listen(url, await begin(url)));
    await eventually(() => expect(said).toBeDefined());
    for (let n = 0; n < 3; n++) {
      said?.write(`data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":${n}}}\n\n`);
      expect((await stream.message()).body['params']).toEqual({ data: n, logger: 'g1' });
      // Time enough for the first one to be asked again, if it were.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(gets).toBe(1);
  });
});
