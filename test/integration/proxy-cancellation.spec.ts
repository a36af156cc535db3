import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { tool } from '../support/published-routes.js';
import {
  legacyScript,
  type ScriptedExchange,
  startScriptedUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';

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

describe.each(HTTP_ENGINES)('cancelling a call (%s)', (_name, env) => {
  let proxies: Proxies;
  const upstreams: Upstream[] = [];

  beforeAll(async () => {
    proxies = await startProxies(2, env);
  });
  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });
  afterAll(() => proxies?.close());

  async function serve(slug: string, script: UpstreamScript, facts: object): Promise<string> {
    const upstream = await startScriptedUpstream(script);
    upstreams.push(upstream);
    await proxies.routes.publish({ slug, gateways: [{ slug: 'up', url: upstream.url, items: [tool('work')], facts }] });
    await Promise.all(proxies.replicas.map(({ url }) => servedBy(url, slug, 'none')));
    return `${proxies.url}/servers/${slug}/mcp`;
  }

  it('reaches a legacy upstream as a notification in the same session, by way of the other replica', async () => {
    verifies('call.cancelled');
    const up = endless();
    const client = await connectLegacy(await serve('old', up.script, { sessionful: true }), {});
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
    const facts = { era: 'modern', protocolVersion: '2026-07-28' };
    const client = await connectModern(await serve('new', up.script, facts), {});
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
