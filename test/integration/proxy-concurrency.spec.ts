import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const CLIENTS = 1_000;
/** Connections opened in one turn: the listen queue of the system is not endless. */
const AT_ONCE = 50;
const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };

/** What a call came with: from which client, in which upstream session, with which credential. */
interface ReceivedCall {
  mark: number;
  session: string;
  credential: string;
}

describeProxies('many clients at once', 2, ({ serveOne }) => {
  /** Holds all calls back until all clients have called, then answers in the reverse order, each on a stream. */
  function answerTogether(onAnswer: (call: ReceivedCall) => void): UpstreamScript {
    const waiting: (() => void)[] = [];
    return (exchange) => {
      const { message, request, response } = exchange;
      if (message.method !== 'tools/call') return legacyScript({ sessionId: randomUUID() })(exchange);
      const { mark } = message.params?.['arguments'] as { mark: number };
      const call: ReceivedCall = {
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
        const answer = { jsonrpc: '2.0', id: message.id, result: call };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${JSON.stringify(progress)}\n\ndata: ${JSON.stringify(answer)}\n\n`);
        onAnswer(call);
      });
      if (waiting.length === CLIENTS) for (const answer of waiting.splice(0).reverse()) answer();
    };
  }

  it('get their own answers from their own upstream sessions: a thousand sessions with equal ids', async () => {
    verifies('session.no-mix-up');
    const calls: ReceivedCall[] = [];
    const { url, upstream } = await serveOne(
      answerTogether((call) => calls.push(call)),
      {
        items: [tool('mark')],
        facts: { sessionful: true },
      },
    );

    const credential = (mark: number) => ({ 'x-upstream-up-authorization': `Bearer ${mark}` });
    const sessions: string[] = [];
    for (let mark = 0; mark < CLIENTS; mark += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, n) => legacy(url, 'initialize', CLIENT, credential(mark + n)));
      sessions.push(...(await Promise.all(some)).map(({ headers }) => headers.get('mcp-session-id') ?? ''));
    }
    expect(new Set(sessions).size).toBe(CLIENTS);

    for (let round = 0; round < 2; round++) {
      const called: ReturnType<typeof legacy>[] = [];
      const seen = upstream.received.length;
      for (const [mark, session] of sessions.entries()) {
        const headers = { ...credential(mark), 'mcp-session-id': session };
        const params = { name: 'mark', arguments: { mark }, _meta: { progressToken: 1 } };
        called.push(legacy(url, 'tools/call', params, headers));
        if (mark % AT_ONCE === AT_ONCE - 1) {
          await eventually(() => expect(upstream.received.length - seen).toBeGreaterThan(mark - AT_ONCE));
        }
      }
      const answers = await Promise.all(called);
      const wrong = answers.filter(({ body, text }, mark) => {
        const { result } = body as unknown as { result: ReceivedCall };
        const isOwn = result.mark === mark && result.credential === `Bearer ${mark}`;
        return !isOwn || body.id !== 1 || !text.includes(`"progress":${mark}}`);
      });
      expect(wrong).toEqual([]);
    }
    const ofEach = Map.groupBy(calls, ({ mark }) => mark);
    const upstreamSessions = [...ofEach.values()].map((ofOne) => new Set(ofOne.map(({ session }) => session)));
    expect(upstreamSessions.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(upstreamSessions.flatMap((set) => [...set])).size).toBe(CLIENTS);
  }, 90_000);
});
