import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, post, postRequest } from '../support/proxy/rpc.js';
import { legacyScript, type ScriptedExchange, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';

const cancelled = (requestId: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId, reason: 'enough' },
});
/** The methods of what an upstream got since it was asked to begin. */
const methodsOf = ({ received }: Upstream): string[] => received.map(({ method }) => method);

/** An upstream whose calls never end; it notes what it was sent and whether the caller hung up. */
function endless(answers: Record<string, UpstreamScript> = {}) {
  const calls: ScriptedExchange['message'][] = [];
  const cancelled: unknown[] = [];
  let hungUp = 0;
  const script: UpstreamScript = legacyScript({
    sessionId: 'the-session',
    answers: {
      'tools/call': ({ message, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': working\n\n');
        response.on('close', () => (hungUp += 1));
        calls.push(message);
      },
      'notifications/cancelled': ({ message, request, response }) => {
        cancelled.push({ ...message.params, session: request.headers['mcp-session-id'] });
        response.writeHead(202).end();
      },
      ...answers,
    },
  });
  return { script, calls, cancelled, hungUp: () => hungUp };
}

describeProxiesOnEachEngine('cancelling a call', 2, ({ proxies, keep, serve: serveAll, serveOne, startUpstream }) => {
  const replica = (at: number): string => proxies.replicas[at]?.url ?? '';
  /** A call of one tool by hand, on the first replica. */
  const calling = async (path: string, session: Record<string, string>, name: string, id: string | number = 1) => {
    const params = { name, _meta: { progressToken: 1 } };
    const call = { jsonrpc: '2.0', id, method: 'tools/call', params };
    return keep(await openStream(replica(0) + path, postRequest(call, session)));
  };

  const serve = async (script: UpstreamScript, facts: object): Promise<string> =>
    (await serveOne(script, { items: [tool('work')], facts })).url;

  it('reaches a legacy upstream as a notification in the same session, through the other replica', async () => {
    verifies('call.cancelled');
    const up = endless();
    const client = await connectLegacy(await serve(up.script, { sessionful: true }), {});
    const abort = new AbortController();
    const call = client.callTool({ name: 'work' }, undefined, { signal: abort.signal }).catch(() => 'cancelled');
    await eventually(() => expect(up.calls).toHaveLength(1));
    abort.abort('enough');
    expect(await call).toBe('cancelled');
    const requestId = up.calls[0]?.id;
    await eventually(() =>
      expect(up.cancelled).toEqual([expect.objectContaining({ requestId, session: 'the-session' })]),
    );
    await client.close();
  });

  it('reaches a modern upstream as the end of the connection', async () => {
    verifies('call.cancelled');
    const up = endless();
    const client = await connectModern(await serve(up.script, MODERN_FACTS), {});
    const abort = new AbortController();
    const call = client.callTool({ name: 'work' }, { signal: abort.signal }).catch(() => 'cancelled');
    await eventually(() => expect(up.calls).toHaveLength(1));
    expect(up.hungUp()).toBe(0);
    abort.abort('enough');
    expect(await call).toBe('cancelled');
    await eventually(() => expect(up.hungUp()).toBe(1));
    expect(up.cancelled).toEqual([]);
    await client.close();
  });

  it.each([0, 1])('of a legacy client ends the request to a modern upstream, told to replica %i of 2', async (at) => {
    verifies('call.cancelled');
    const up = endless({
      'tools/call': ({ message, response }) => {
        response.on('close', () => up.calls.push(message));
        const progress = {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: 1, progress: 1 },
        };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify(progress)}\n\n`);
      },
    });
    const { path, upstream } = await serveOne(up.script, { facts: MODERN_FACTS });
    const session = await begin(replica(0) + path);
    const stream = await calling(path, session, 'echo', 'the-call');
    expect((await stream.message()).body).toMatchObject({ method: 'notifications/progress' });
    // Another session has a call with this id, and so has a number that is written the same.
    const another = await begin(replica(0) + path);
    expect((await post(replica(at) + path, cancelled('the-call'), another)).status).toBe(202);
    expect((await post(replica(at) + path, cancelled(1), session)).status).toBe(202);
    expect((await post(replica(at) + path, cancelled('the-call'), session)).status).toBe(202);
    // The stream ends without a response.
    expect(await stream.next()).toBeUndefined();
    await eventually(() => expect(up.calls).toHaveLength(1));
    expect(methodsOf(upstream)).toEqual(['POST']);
  });

  it('tells only the gateway that carries it out, from the replica that has it', async () => {
    const [first, second] = [endless(), endless()];
    const upstreams = [await startUpstream(first.script), await startUpstream(second.script)] as const;
    const { path } = await serveAll(upstreams);
    const session = await begin(replica(0) + path);
    await calling(path, session, 't0');
    await eventually(() => expect(first.calls).toHaveLength(1));
    for (const at of [1, 0]) await post(replica(at) + path, cancelled(1), session);
    await eventually(() => expect(first.cancelled).toHaveLength(2));
    expect(first.cancelled[0]).toEqual({ requestId: 1, reason: 'enough', session: 'the-session' });
    // initialize and initialized; no cancellation.
    expect(methodsOf(upstreams[1])).toEqual(['POST', 'POST']);
  });

  it('costs no upstream request after the call has ended', async () => {
    verifies('call.cancelled-late');
    // opencode 1.18.33 sends one after each call.
    const script = legacyScript({ sessionId: 'the-session', results: { 'tools/call': { content: [] } } });
    const upstreams = [await startUpstream(script), await startUpstream(script)] as const;
    const { path } = await serveAll(upstreams);
    const session = await begin(replica(0) + path);
    for (const at of [0, 1, 0]) {
      const call = await legacy(replica(at) + path, 'tools/call', { name: 't0' }, session, at);
      expect(call.body.result.content).toEqual([]);
      for (const told of [0, 1]) await post(replica(told) + path, cancelled(at), session);
    }
    await legacy(replica(1) + path, 'tools/call', { name: 't1' }, session, 9);
    // initialize, initialized, and the calls.
    expect(upstreams.map(methodsOf)).toEqual([Array(5).fill('POST'), Array(3).fill('POST')]);
  });

  it('reaches the upstream of a call whose stream was resumed', async () => {
    const open = ({ response }: ScriptedExchange): void => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: e-1\ndata: \n\n');
    };
    const up = endless({ 'tools/call': open, GET: open });
    const { path, upstream } = await serveOne(up.script, { facts: { sessionful: true } });
    const session = await begin(replica(0) + path);
    const stream = await calling(path, session, 'echo', 'long');
    const { id = '' } = (await stream.next()) ?? {};
    stream.close();
    const resumed = keep(await listen(replica(1) + path, { ...session, 'last-event-id': id }));
    expect((await resumed.next())?.id).toBeDefined();
    await post(replica(0) + path, cancelled('long'), session);
    await eventually(() => expect(up.cancelled).toMatchObject([{ requestId: 'long' }]));
    expect(methodsOf(upstream)).toEqual(['POST', 'POST', 'POST', 'GET', 'POST']);
  });
});
