import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { legacy } from '../support/proxy/rpc.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { tool } from '../support/published-routes.js';
import { legacyScript, startScriptedUpstream, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';

const CROWD = 1_000;
/** Connections opened in one turn: the listen queue of the system is not endless. */
const AT_ONCE = 50;
const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };

/** What a call came with: from which client, in which upstream session, with which credential. */
interface Told {
  mark: number;
  session: string;
  credential: string;
}

describe('a crowd of clients', () => {
  let proxies: Proxies;
  const upstreams: Upstream[] = [];

  beforeAll(async () => {
    proxies = await startProxies(2);
  });
  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });
  afterAll(() => proxies?.close());

  /** Holds all calls back until the whole crowd has called, then answers in the reverse order, each on a stream. */
  function crowded(answered: (told: Told) => void): UpstreamScript {
    const waiting: (() => void)[] = [];
    return (exchange) => {
      const { message, request, response } = exchange;
      if (message.method !== 'tools/call') return legacyScript({ sessionId: randomUUID() })(exchange);
      const { mark } = message.params?.['arguments'] as { mark: number };
      const told: Told = {
        mark,
        session: String(request.headers['mcp-session-id']),
        credential: String(request.headers.authorization),
      };
      waiting.push(() => {
        const progress = {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: 1, progress: mark },
        };
        const answer = { jsonrpc: '2.0', id: message.id, result: told };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${JSON.stringify(progress)}\n\ndata: ${JSON.stringify(answer)}\n\n`);
        answered(told);
      });
      if (waiting.length === CROWD) for (const answer of waiting.splice(0).reverse()) answer();
    };
  }

  it('of a thousand sessions with equal ids gets each its own answers, from its own upstream sessions', async () => {
    verifies('session.no-mix-up');
    const told: Told[] = [];
    const up = await startScriptedUpstream(crowded((answer) => told.push(answer)));
    upstreams.push(up);
    const gateway = { slug: 'up', url: up.url, items: [tool('mark')], facts: { sessionful: true } };
    await proxies.routes.publish({ slug: 'crowd', gateways: [gateway] });
    await Promise.all(proxies.replicas.map(({ url }) => servedBy(url, 'crowd', 'none')));
    const url = `${proxies.url}/servers/crowd/mcp`;

    const credential = (mark: number) => ({ 'x-upstream-up-authorization': `Bearer ${mark}` });
    const sessions: string[] = [];
    for (let mark = 0; mark < CROWD; mark += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, n) => legacy(url, 'initialize', CLIENT, credential(mark + n)));
      sessions.push(...(await Promise.all(some)).map(({ headers }) => headers.get('mcp-session-id') ?? ''));
    }
    expect(new Set(sessions).size).toBe(CROWD);

    for (let round = 0; round < 2; round++) {
      const called: ReturnType<typeof legacy>[] = [];
      const seen = up.received.length;
      for (const [mark, session] of sessions.entries()) {
        const headers = { ...credential(mark), 'mcp-session-id': session };
        called.push(legacy(url, 'tools/call', { name: 'mark', arguments: { mark } }, headers));
        if (mark % AT_ONCE === AT_ONCE - 1) {
          await eventually(() => expect(up.received.length - seen).toBeGreaterThan(mark - AT_ONCE));
        }
      }
      const answers = await Promise.all(called);
      const wrong = answers.filter(({ body, text }, mark) => {
        const { result } = body as unknown as { result: Told };
        const isOwn = result.mark === mark && result.credential === `Bearer ${mark}`;
        return !isOwn || body.id !== 1 || !text.includes(`"progress":${mark}}`);
      });
      expect(wrong).toEqual([]);
    }
    const ofEach = Map.groupBy(told, ({ mark }) => mark);
    const upstreamSessions = [...ofEach.values()].map((calls) => new Set(calls.map(({ session }) => session)));
    expect(upstreamSessions.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(upstreamSessions.flatMap((set) => [...set])).size).toBe(CROWD);
  }, 90_000);
});
