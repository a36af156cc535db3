import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import {
  beginEvents,
  legacyScript,
  messageEvent,
  pour,
  sseScript,
  type UpstreamScript,
} from '../support/upstreams/index.js';

const FLOOD = 200_000;
const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} };
const LEGACY = { sessionful: true, capabilities: CAPABILITIES };
const MODERN = { ...MODERN_FACTS, capabilities: CAPABILITIES };
const SSE = { transport: 'sse', protocolVersion: '2024-11-05', capabilities: CAPABILITIES } as const;
const RESULT = { content: [], resultType: 'complete' };
const LIST_CHANGED = { method: 'notifications/tools/list_changed' };
/** One flood takes seconds: what it may use of the processor is bounded. */
const TIMEOUT = 60_000;

const log = (n: number) => ({ method: 'notifications/message', params: { level: 'info', data: n } });
const updated = (n: number) => ({ method: 'notifications/resources/updated', params: { uri: `note://${n % 150}` } });
const progress = (n: number) => ({ method: 'notifications/progress', params: { progressToken: 1, progress: n } });

const methodsIn = (text: string): string[] =>
  [...text.matchAll(/"method":"notifications\/([^"]+)"/g)].map(([, name]) => name ?? '');

describeProxies('a flood of notifications', 1, ({ keep, publish, startUpstream }) => {
  /** A virtual server of a gateway that floods and a quiet one. */
  async function bundle(script: UpstreamScript, facts: object): Promise<string> {
    const quiet: UpstreamScript = ({ reply }) => reply(RESULT);
    const [flooding, other] = await Promise.all([script, quiet].map((each) => startUpstream(each)));
    const gateways: GatewayDraft[] = [
      { slug: 'flood', url: flooding?.url ?? '', items: [tool('t0')], facts },
      {
        slug: 'quiet',
        url: other?.url ?? '',
        items: [tool('t1')],
        facts: { ...facts, sessionful: false, transport: 'streamable-http' },
      },
    ];
    return (await publish({ gateways, eras: 'both' })).url;
  }
  const pouring = (message: (n: number) => object, count = FLOOD) =>
    legacyScript({
      sessionId: 's',
      answers: {
        'tools/call': async (exchange) => {
          const response = beginEvents(exchange);
          await pour(response, count, message);
          response.end(messageEvent({ id: exchange.message.id, result: RESULT }));
        },
      },
    });

  it.each([
    ['legacy', LEGACY, FLOOD],
    ['modern', MODERN, 20_000],
    ['legacy', MODERN, 20_000],
  ] as const)(
    'of list changes on the stream of a %s client’s call ends as a handful (%j)',
    async (client, facts, count) => {
      verifies('streams.bounded');
      const url = await bundle(
        pouring(() => LIST_CHANGED, count),
        facts,
      );
      const startedAt = performance.now();
      const { text, body } = await (client === 'legacy' ? legacy : modern)(url, 'tools/call', { name: 't0' });
      expect(body).toMatchObject({ id: 1, result: { content: [] } });
      const seconds = (performance.now() - startedAt) / 1000;
      expect(methodsIn(text).length).toBeLessThanOrEqual(seconds + 3);
      expect(methodsIn(text).length).toBeGreaterThan(1);
    },
    TIMEOUT,
  );

  it(
    'over HTTP+SSE ends as a handful',
    async () => {
      verifies('streams.bounded');
      const answers = {
        'tools/call': ({ id }: { id?: string | number }, send: (message: object) => void) => {
          for (let n = 0; n < 20_000; n += 1) send(LIST_CHANGED);
          send({ id, result: RESULT });
        },
      };
      const url = await bundle(sseScript({ capabilities: CAPABILITIES }, { answers }).script, SSE);
      const { text, body } = await legacy(url, 'tools/call', { name: 't0' });
      expect(body).toMatchObject({ id: 1, result: RESULT });
      expect(methodsIn(text).length).toBeLessThan(20);
    },
    TIMEOUT,
  );

  it(
    'of progress, updates or log lines is bounded, ends with the last progress, and says how many lines are missing',
    async () => {
      verifies('streams.bounded');
      const all = (n: number) => [log, updated, progress][n % 3]?.(n) ?? log(n);
      const url = await bundle(pouring(all, 9_000), { ...LEGACY });
      const { text, body } = await legacy(url, 'tools/call', { name: 't0', _meta: { progressToken: 1 } });
      expect(body).toMatchObject({ id: 1, result: RESULT });
      const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
      const ofKind = (name: string) => events.filter(({ method }) => method === `notifications/${name}`);
      expect(ofKind('progress').length).toBeLessThan(400);
      expect(ofKind('progress').at(-1).params.progress).toBe(8_999);
      const lines = ofKind('message').filter(({ params }) => params.logger === 'flood');
      const notices = ofKind('message').filter(({ params }) => params.logger === 'lethe:limits');
      expect(lines.length).toBeLessThan(1_000);
      const missing = notices.map(({ params }) => Number(/; (\d+) were left out$/.exec(String(params.data))?.[1]));
      expect(lines.length + missing.reduce((sum, count) => sum + count, 0)).toBe(3_000);
    },
    TIMEOUT,
  );

  it(
    'on the stream of a session or of a subscription ends as a handful, the last change among them',
    async () => {
      verifies('streams.bounded');
      const streams: ServerResponse[] = [];
      const GET: UpstreamScript = (exchange) => void streams.push(beginEvents(exchange));
      const url = await bundle(legacyScript({ sessionId: 's', answers: { GET } }), LEGACY);
      const session = keep(await listen(url, await begin(url)));
      const params = { notifications: { toolsListChanged: true } };
      const subscription = keep(await openStream(url, modernRequest('subscriptions/listen', params)));
      expect((await subscription.message()).body['method']).toBe('notifications/subscriptions/acknowledged');
      await eventually(() => expect(streams).toHaveLength(2));
      const seen = [session, subscription].map((stream) => {
        const methods: unknown[] = [];
        const read = async (): Promise<void> => {
          for (;;) methods.push((await stream.message()).body['method']);
        };
        void read().catch(() => undefined);
        return methods;
      });
      const startedAt = performance.now();
      await Promise.all(streams.map((response) => pour(response, FLOOD, () => LIST_CHANGED)));
      const before = seen.map(({ length }) => length);
      for (const response of streams) response.write(messageEvent(LIST_CHANGED));
      await eventually(() => expect(seen.every(({ length }, at) => length > (before[at] ?? 0))).toBe(true));
      const seconds = (performance.now() - startedAt) / 1000;
      for (const methods of seen) {
        expect(methods.length).toBeLessThanOrEqual(seconds + 3);
        expect(new Set(methods)).toEqual(new Set([LIST_CHANGED.method]));
      }
    },
    TIMEOUT,
  );
});
