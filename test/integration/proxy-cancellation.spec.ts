import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { legacyScript, type ScriptedExchange, type UpstreamScript } from '../support/upstreams/index.js';

/** An upstream whose calls never end; it notes what it was sent and whether the caller hung up. */
function endless() {
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
    },
  });
  return { script, calls, cancelled, hungUp: () => hungUp };
}

describeProxiesOnEachEngine('cancelling a call', 2, ({ serveOne }) => {
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
});
