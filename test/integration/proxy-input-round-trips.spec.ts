import {
  CreateMessageRequestSchema,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type EventStream, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, post, postRequest } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import {
  addAskingTools,
  type ScriptedExchange,
  startModernUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';

const ALL = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const FORM = { method: 'elicitation/create', params: { message: 'Sure?', requestedSchema: { type: 'object' } } };
const SAMPLE = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };

/** An upstream that asks this of every request without input, and returns the input of the others. */
function asking(inputRequests: object): UpstreamScript {
  return ({ message, reply }: ScriptedExchange) => {
    const { inputResponses, requestState } = message.params ?? {};
    if (inputResponses === undefined) return reply({ resultType: 'input_required', inputRequests, requestState: 's' });
    reply({ resultType: 'complete', content: [], got: { inputResponses, requestState, id: message.id } });
  };
}

describeProxies('a modern upstream that asks a legacy client, through two proxies', 2, (suite) => {
  const { proxies, keep, publish } = suite;
  let modern: Upstream;

  beforeAll(async () => {
    modern = keep(await startModernUpstream({ name: 'modern', extend: addAskingTools }));
    const prompt = { kind: 'prompt' as const, own: 'asked', definition: { name: 'asked' } };
    const items = [...['all', 'open', 'again'].map(tool), prompt];
    const asks: GatewayDraft = { slug: 'asks', name: 'The new one', url: modern.url, items, facts: MODERN_FACTS };
    const other: GatewayDraft = { ...asks, slug: 'other', items: [] };
    await publish({ slug: 'one', gateways: [asks] });
    await publish({ slug: 'two', gateways: [asks, other] });
  });

  async function connect(slug: string, asked: unknown[] = [], action: 'accept' | 'decline' = 'accept') {
    const client = await connectLegacy(`${proxies.url}/servers/${slug}/mcp`, {}, ALL, (one) => {
      one.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        asked.push(params);
        return { action, ...(action === 'accept' && params.mode !== 'url' && { content: { sure: true } }) };
      });
      one.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
        asked.push(params);
        return { model: 'm', role: 'assistant', content: { type: 'text', text: 'sampled words' } };
      });
      one.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///root' }] }));
    });
    return keep(client);
  }
  const textOf = (answer: unknown): unknown =>
    JSON.parse((answer as { content: { text: string }[] }).content[0]?.text ?? '');

  it('gets a form, sampling and roots answered at once, and its state back', async () => {
    verifies('eras.input-required');
    const asked: unknown[] = [];
    const client = await connect('one', asked);
    const before = modern.received.length;
    expect(textOf(await client.callTool({ name: 'all', arguments: { what: 'go' } }))).toEqual({
      given: {
        sure: { action: 'accept', content: { sure: true } },
        words: { model: 'm', role: 'assistant', content: { type: 'text', text: 'sampled words' } },
        roots: { roots: [{ uri: 'file:///root' }] },
      },
      state: 'state of go',
    });
    expect(asked).toMatchObject([{ message: 'Really go?' }, { maxTokens: 7 }]);
    expect(modern.received.slice(before)).toHaveLength(2);
    const prompt = await client.getPrompt({ name: 'asked', arguments: {} });
    expect(JSON.stringify(prompt.messages)).toContain('accept');
  });

  it('gets the refusal of a person as such, and is named where it is one of several', async () => {
    verifies('elicitation.names-the-gateway');
    const asked: unknown[] = [];
    const client = await connect('two', asked, 'decline');
    const answer = textOf(await client.callTool({ name: 'all', arguments: { what: 'go' } }));
    expect(answer).toMatchObject({ given: { sure: { action: 'decline' } } });
    expect(asked[0]).toMatchObject({ message: '[The new one] Really go?' });
  });

  it('has a URL opened, with an id that the client is later told is complete', async () => {
    const asked: { elicitationId?: string; url?: string }[] = [];
    const complete: string[] = [];
    const client = await connect('one', asked);
    client.setNotificationHandler(
      ElicitationCompleteNotificationSchema,
      ({ params }) => void complete.push(params.elicitationId),
    );
    const url = 'https://open.example/me';
    expect(textOf(await client.callTool({ name: 'open', arguments: { url } }))).toEqual({ page: { action: 'accept' } });
    expect(asked).toMatchObject([{ mode: 'url', url }]);
    expect(complete).toEqual([asked[0]?.elicitationId]);
  });

  it('may ask again, but not without end', async () => {
    const asked: unknown[] = [];
    const client = await connect('one', asked);
    expect(textOf(await client.callTool({ name: 'again', arguments: { times: 4 } }))).toEqual({ round: 4 });
    expect(asked).toHaveLength(3);
    const before = modern.received.length;
    const endless = client.callTool({ name: 'again', arguments: { times: 100 } });
    await expect(endless).rejects.toMatchObject({ code: 1307, data: { why: 'input_required' } });
    expect(modern.received.slice(before)).toHaveLength(9);
  });

  it('is told of no capability by a client without one, or without a session', async () => {
    const client = keep(await connectLegacy(`${proxies.url}/servers/one/mcp`, {}, {}));
    const call = client.callTool({ name: 'all', arguments: { what: 'go' } });
    await expect(call).rejects.toMatchObject({ code: -32021 });
    const alone = await legacy(`${proxies.url}/servers/one/mcp`, 'tools/call', {
      name: 'all',
      arguments: { what: '' },
    });
    expect(alone.body.error).toMatchObject({ code: -32021 });
  });

  /** A call by hand on the first proxy, and how a response is posted to another. */
  async function byHand(script: UpstreamScript, capabilities: object = ALL, on = proxies.replicas[0]?.url ?? '') {
    const { path, upstream } = await suite.serveOne(script, { facts: MODERN_FACTS });
    await eventually(async () => expect((await fetch(on + path)).status).toBe(405));
    const session = await begin(on + path, {}, capabilities);
    const request = { jsonrpc: '2.0', id: 'the-call', method: 'tools/call', params: { name: 'echo', arguments: {} } };
    const stream: EventStream = keep(await openStream(on + path, postRequest(request, session)));
    const respond = (id: unknown, response: object, base = proxies.replicas[1]?.url ?? '', as = session) =>
      post(base + path, { jsonrpc: '2.0', id, ...response }, as);
    return { stream, respond, upstream, path, session };
  }

  it('gets the answer that a client posts to another replica, from this session alone, once', async () => {
    verifies('legacy.server-requests-on-any-replica');
    const { stream, respond, path } = await byHand(asking({ sure: FORM }));
    const { body } = await stream.message();
    expect(body).toMatchObject(FORM);
    const answer = { result: { action: 'accept', content: { n: 1.5 } } };
    const another = await begin((proxies.replicas[1]?.url ?? '') + path, {}, ALL);
    expect(await respond(body['id'], answer, undefined, another)).toMatchObject({ status: 400 });
    expect(await respond(body['id'], answer)).toMatchObject({ status: 202 });
    const final = await stream.message();
    const got = { inputResponses: { sure: answer.result }, requestState: 's' };
    expect(final.body).toMatchObject({ id: 'the-call', result: { content: [], got } });
    expect(final.body['result']).not.toMatchObject({ got: { id: 'the-call' } });
    await stream.ended();
    const late = await respond(body['id'], answer);
    expect(late).toMatchObject({ status: 400, body: { error: { data: { rule: 'response_unasked' } } } });
  });

  it("ends a call with the client's error, and takes back what else it asked", async () => {
    const { stream, respond, upstream } = await byHand(asking({ sure: FORM, words: SAMPLE }));
    const [form, sample] = [await stream.message(), await stream.message()];
    const error = { code: -1, message: 'The person said no' };
    await respond(sample.body['id'], { error });
    expect((await stream.message()).body).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: form.body['id'] },
    });
    expect((await stream.message()).body).toMatchObject({ id: 'the-call', error });
    expect(upstream.received).toHaveLength(1);
  });

  it('does not wait for an answer for ever', async () => {
    const impatient = keep(await proxies.start({}, proxies.broker, { inputMs: 300 }));
    const { stream, respond } = await byHand(asking({ sure: FORM }), ALL, impatient.url);
    const { body } = await stream.message();
    expect((await stream.message()).body).toMatchObject({ params: { requestId: body['id'] } });
    expect((await stream.message()).body).toMatchObject({
      id: 'the-call',
      error: { data: { reason: 'input_unanswered' } },
    });
    expect((await respond(body['id'], { result: { action: 'accept' } })).status).toBe(400);
  });

  it('is given up when the client leaves', async () => {
    const { stream, respond } = await byHand(asking({ sure: FORM }));
    const { body } = await stream.message();
    stream.close();
    await eventually(async () => expect((await respond(body['id'], { result: {} })).status).toBe(400));
  });

  it('is given up when the client cancels the call, told to another replica', async () => {
    verifies('call.cancelled');
    const { stream, respond, upstream, path, session } = await byHand(asking({ sure: FORM }));
    const { id } = (await stream.message()).body;
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'the-call' } };
    await post((proxies.replicas[1]?.url ?? '') + path, cancelled, session);
    expect((await stream.message()).body).toMatchObject({ ...cancelled, params: { requestId: id } });
    // No response follows.
    expect(await stream.next()).toBeUndefined();
    expect((await respond(id, { result: {} })).status).toBe(400);
    expect(upstream.received).toHaveLength(1);
  });

  it('gets an error for an answer that is too long for the bus, and so does the client', async () => {
    const { stream, respond, upstream } = await byHand(asking({ words: SAMPLE }));
    const { body } = await stream.message();
    const answer = { result: { content: { type: 'text', text: 'x'.repeat(300_000) } } };
    expect((await respond(body['id'], answer)).status).toBe(413);
    expect((await stream.message()).body).toMatchObject({ error: { data: { reason: 'payload_too_large' } } });
    expect(upstream.received).toHaveLength(1);
    const same = await byHand(asking({ words: SAMPLE }));
    await same.respond((await same.stream.message()).body['id'], answer, proxies.replicas[0]?.url);
    expect((await same.stream.message()).body).toMatchObject({
      result: { got: { inputResponses: { words: answer.result } } },
    });
  });

  it.each([
    ['a capability that was not declared', { words: SAMPLE }, { elicitation: {} }],
    ['a mode that was not declared', { page: { ...FORM, params: { mode: 'url' } } }, { elicitation: {} }],
    ['another request', { ping: { method: 'ping' } }, ALL],
    ['nothing', undefined, ALL],
    ['too much', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, FORM])), ALL],
  ])('fails if it asks for %s', async (_what, inputRequests, capabilities) => {
    const { path } = await suite.serveOne(({ reply }) => reply({ resultType: 'input_required', inputRequests }), {
      facts: MODERN_FACTS,
    });
    const session = await begin(proxies.url + path, {}, capabilities);
    const answer = await legacy(proxies.url + path, 'tools/call', { name: 'echo' }, session);
    expect(answer.body.error).toMatchObject({ code: 1307, data: { why: 'input_required' } });
  });
});
