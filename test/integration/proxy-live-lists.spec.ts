import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import { legacyScript, type LegacyScript, sseScript, startModernUpstream } from '../support/upstreams/index.js';

const OMITTED = 'lethe/leftOut';
/** What each token may see of the scripted upstream. */
const SEEN: Record<string, string[]> = { 'Bearer all': ['one', 'two', 'three', 'unverified'], 'Bearer some': ['two'] };

describeProxies('lists of gateways with `listing: live`', 1, ({ proxies, keep, publish, startUpstream }) => {
  const serve = async (gateways: GatewayDraft[], exposed = {}): Promise<string> =>
    (await publish({ gateways, exposed, eras: 'both' })).url;
  const names = ({ tools }: { tools: { name: string }[] }): string[] => tools.map(({ name }) => name);
  const verified = ['one', 'two', 'three', 'gone'].map((name) => tool(name));

  it('show each caller what its own list also has, with verified definitions and exposed names', async () => {
    verifies('listing.live');
    const upstream = await startUpstream(legacyScript(byToken()));
    const url = await serve([{ slug: 'g', url: upstream.url, items: verified, listing: 'live' }], { 'g two': 'zwei' });
    const seenBy = async (token: string) => {
      const client = await connectLegacy(url, { 'x-upstream-g-authorization': token });
      const listed = await client.listTools();
      await client.close();
      return listed;
    };
    const all = await seenBy('Bearer all');
    expect(names(all)).toEqual(['one', 'zwei', 'three']);
    expect(all.tools[0]).toEqual(tool('one').definition);
    expect(all._meta).toBeUndefined();
    expect(names(await seenBy('Bearer some'))).toEqual(['zwei']);
    expect(names(await seenBy('Bearer nobody'))).toEqual([]);
    expect(names(await seenBy('Bearer all'))).toEqual(['one', 'zwei', 'three']);
  });

  it('are fetched in the session of the client by ids that the client can not use too', async () => {
    const ids: unknown[] = [];
    const listed = legacyScript({
      sessionId: 's-1',
      answers: {
        'tools/list': ({ message, reply }) => {
          ids.push(message.id);
          reply({ tools: [tool('one').definition] });
        },
      },
    });
    const { url: upstream } = await startUpstream(listed);
    const facts = { sessionful: true };
    const url = await serve([{ slug: 'g', url: upstream, items: verified, listing: 'live', facts }]);
    const session = await begin(url);
    for (const id of [1, 2])
      expect(names((await legacy(url, 'tools/list', {}, session, id)).body.result)).toEqual(['one']);
    expect(ids).toEqual([expect.stringMatching(/^lethe-/), expect.stringMatching(/^lethe-/)]);
    expect(new Set(ids).size).toBe(2);
  });

  it('are fetched from upstreams of every era and transport, and leave no session open', async () => {
    const old = sseScript({ results: { 'tools/list': { tools: [tool('old').definition] } } });
    const [sessionful, sse, now] = await Promise.all([
      startUpstream(legacyScript({ ...byToken(), sessionId: 'sess' })),
      startUpstream(old.script),
      startModernUpstream({ token: 'modern', name: 'now' }).then(keep),
    ]);
    const url = await serve([
      { slug: 'a', url: sessionful.url, items: verified, listing: 'live', facts: { sessionful: true } },
      { slug: 'b', url: sse.url, items: [tool('old')], listing: 'live', facts: { transport: 'sse' } },
      { slug: 'c', url: now.url, items: [tool('echo'), tool('absent')], listing: 'live', facts: MODERN_FACTS },
    ]);
    const headers = { 'x-upstream-a-authorization': 'Bearer some', 'x-upstream-c-authorization': 'Bearer modern' };
    const expected = ['two', 'old', 'echo'];
    const client = await connectModern(url, headers);
    expect(names(await client.listTools())).toEqual(expected);
    await client.close();
    expect(names((await legacy(url, 'tools/list', {}, headers)).body.result)).toEqual(expected);
    const opened = sessionful.received.filter(({ headers: sent }) => sent['mcp-session-id'] === undefined);
    await eventually(() =>
      expect(sessionful.received.filter(({ method }) => method === 'DELETE')).toHaveLength(opened.length),
    );
    expect(JSON.stringify(sessionful.received)).not.toContain('Bearer modern');
    expect(JSON.stringify(now.received)).not.toContain('Bearer some');
  });

  it('omit and name the gateways that do not answer in time, and are not cached', async () => {
    verifies('listing.slow');
    let isSlow = true;
    const slow = await startUpstream(({ reply }) => (isSlow ? undefined : reply({ tools: [{ name: 'slow' }] })));
    const [fine, lying] = await Promise.all([
      startUpstream(legacyScript(byToken())),
      startUpstream(({ reply }) => reply({ tools: 'none' })),
    ]);
    const live = (slug: string, url: string, name: string): GatewayDraft => ({
      ...{ slug, url, items: [tool(name)], listing: 'live' },
    });
    const { path, manifest } = await publish({
      gateways: [
        live('slow', slow.url, 'slow'),
        live('dead', 'http://127.0.0.1:1/mcp', 'dead'),
        live('lying', lying.url, 'lying'),
        { ...live('locked', fine.url, 'one'), mappings: [{ header: 'Authorization', required: true }] },
        { ...live('fixed', fine.url, 'fixed'), listing: 'catalogue' },
        live('fine', fine.url, 'two'),
      ],
    });
    const proxy = keep(await proxies.start({}, undefined, { liveListMs: 1_000 }));
    await servedBy(proxy.url, manifest.slug);
    const url = proxy.url + path;
    const headers = { 'x-upstream-fine-authorization': 'Bearer all' };
    const before = performance.now();
    const { result } = (await modern(url, 'tools/list', {}, headers)).body;
    expect(performance.now() - before).toBeLessThan(4_500);
    expect(names(result)).toEqual(['fixed', 'two']);
    expect(result).toMatchObject({
      ttlMs: 0,
      cacheScope: 'private',
      _meta: {
        [OMITTED]: [
          { gateway: 'slow', reason: 'upstream_unreachable', why: 'timeout' },
          { gateway: 'dead', reason: 'upstream_unreachable', why: 'refused' },
          { gateway: 'lying', reason: 'upstream_failed' },
          { gateway: 'locked', reason: 'credential_required' },
        ],
      },
    });
    isSlow = false;
    const again = (await legacy(url, 'tools/list', {}, headers)).body.result;
    expect(names(again)).toEqual(['slow', 'fixed', 'two']);
    expect(JSON.stringify(again)).toContain(OMITTED);
  });

  it('have cursors that keep their place while the list changes', async () => {
    const many = Array.from({ length: 250 }, (_, n) => {
      const item = tool(`tool-${n}`);
      // The page ends before the list does.
      return { ...item, definition: { ...item.definition, description: 'd'.repeat(15_000) } };
    });
    let listed = many;
    const paged: LegacyScript = {
      answers: {
        'tools/list': ({ message, reply }) => {
          const start = Number(message.params?.['cursor'] ?? 0);
          const tools = listed.slice(start, start + 100).map(({ own }) => tool(own).definition);
          reply({ tools, ...(start + 100 < listed.length && { nextCursor: String(start + 100) }) });
        },
      },
    };
    const upstream = await startUpstream(legacyScript(paged));
    const url = await serve([{ slug: 'g', url: upstream.url, items: many, listing: 'live' }]);
    const first = (await legacy(url, 'tools/list')).body.result;
    const { length } = names(first);
    expect(names(first)).toEqual(many.slice(0, length).map(({ own }) => own));
    listed = many.filter((_, n) => n % 2 === 1 && n !== length - 1);
    const second = (await legacy(url, 'tools/list', { cursor: first.nextCursor })).body.result;
    expect(names(second)).toEqual(many.slice(length).flatMap((item) => (listed.includes(item) ? [item.own] : [])));
  });

  it('decide what is shown, not what may be called', async () => {
    const script = legacyScript({ ...byToken(), results: { 'tools/call': { content: [] } } });
    const upstream = await startUpstream(script);
    const url = await serve([{ slug: 'g', url: upstream.url, items: verified, listing: 'live' }]);
    expect((await legacy(url, 'tools/call', { name: 'one' })).body.result).toEqual({ content: [] });
  });
});

function byToken(): LegacyScript {
  const seen = (headers: IncomingHttpHeaders): string[] => SEEN[headers.authorization ?? ''] ?? [];
  return {
    answers: {
      'tools/list': ({ request, reply }) =>
        reply({ tools: seen(request.headers).map((name) => ({ name, description: 'another', inputSchema: {} })) }),
    },
  };
}
