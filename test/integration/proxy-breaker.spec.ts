import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type Answer, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import type { ScriptedExchange, UpstreamScript } from '../support/upstreams/index.js';

const OPEN_SECONDS = 0.3;
const call = (url: string, name = 'echo') => legacy(url, 'tools/call', { name, arguments: {} });
/** `circuit`, another reason of Lethe's, or `answered` if the answer is the upstream's. */
const reasonOf = ({ body }: Answer): unknown => {
  const { data } = body.error ?? {};
  return data?.['why'] === 'circuit' ? 'circuit' : (data?.['reason'] ?? 'answered');
};

/** The value below which so large a part of the durations is. */
function percentile(durations: number[], part: number): number {
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length * part)] ?? 0;
}

describeProxies('the circuit of a gateway', 1, ({ publish, startUpstream }) => {
  async function served(script: UpstreamScript, more: object = {}) {
    const upstream = await startUpstream(script);
    const well = await startUpstream(({ reply }) => reply({ content: [] }));
    const { url } = await publish({
      eras: 'both',
      gateways: [
        {
          ...{ slug: 'up', url: upstream.url, items: [tool('echo')] },
          ...{ limits: { breaker: { failures: 3, openSeconds: OPEN_SECONDS } }, ...more },
        },
        { slug: 'well', url: well.url, items: [tool('fine')] },
      ],
    });
    return { url, upstream };
  }
  const unavailable: UpstreamScript = ({ response }) => void response.writeHead(503).end();

  it.each<[string, UpstreamScript]>([
    ['says 503', unavailable],
    ['says 502 with an error of its own', ({ replyError }) => replyError(502, { code: -1, message: 'down' })],
    ['closes the connection', ({ response }) => void response.destroy()],
  ])('opens when the upstream %s, and calls fail at once then', async (_what, script) => {
    verifies('limits.breaker');
    for (const facts of [{}, MODERN_FACTS]) {
      const { url, upstream } = await served(script, {
        facts,
        limits: { breaker: { failures: 3, openSeconds: 3_600 } },
      });
      for (let failure = 0; failure < 3; failure += 1) expect(reasonOf(await call(url))).not.toBe('circuit');
      const asked = upstream.received.length;
      const refused = await call(url);
      expect(refused.body.error.data).toEqual({
        ...{ reason: 'gateway_unavailable', gateway: 'up', why: 'circuit', retryAfterSeconds: 3_600 },
      });
      expect(refused.headers.get('retry-after')).toBe('3600');
      expect(reasonOf(await modern(url, 'tools/call', { name: 'echo', arguments: {} }))).toBe('circuit');
      expect(upstream.received).toHaveLength(asked);
      expect(reasonOf(await call(url, 'fine'))).toBe('answered');
    }
  });

  it('opens after five failures for ten seconds, if nobody said otherwise', async () => {
    verifies('limits.breaker');
    const { url } = await served(unavailable, { limits: undefined });
    for (let failure = 0; failure < 5; failure += 1) expect(reasonOf(await call(url))).toBe('upstream_unavailable');
    expect((await call(url)).body.error.data).toMatchObject({ why: 'circuit', retryAfterSeconds: 10 });
  });

  it('never opens for what an upstream answers, nor for a client that leaves', async () => {
    const answers: UpstreamScript[] = [
      ({ response }) => void response.writeHead(400).end(),
      ({ response }) => void response.writeHead(401).end(),
      ({ response }) => void response.writeHead(404).end(),
      ({ response }) => void response.writeHead(429).end(),
      ({ response }) => void response.writeHead(500).end(),
      ({ replyError }) => replyError(200, { code: -32603, message: 'no' }),
      ({ reply }) => reply({ isError: true, content: [] }),
    ];
    let at = 0;
    let onCall = (_response: ServerResponse): void => undefined;
    const { url } = await served((exchange) => {
      const answer = answers[at];
      if (answer) return answer(exchange);
      onCall(exchange.response);
    });
    for (; at < answers.length; at += 1) {
      for (let n = 0; n < 4; n += 1) expect(reasonOf(await call(url))).not.toBe('circuit');
    }
    for (let n = 0; n < 4; n += 1) {
      const called = new Promise<ServerResponse>((resolve) => (onCall = resolve));
      const leaving = new AbortController();
      const request = modernRequest('tools/call', { name: 'echo', arguments: {} });
      const sent = fetch(url, { ...request, signal: leaving.signal }).catch(String);
      const closed = once(await called, 'close');
      leaving.abort();
      await Promise.all([sent, closed]);
    }
    at = answers.length - 1;
    expect(reasonOf(await call(url))).toBe('answered');
  });

  it('lets one probe through at a time, and closes when the upstream is back', async () => {
    verifies('limits.breaker');
    let isBack = false;
    let onHeld = (_response: ServerResponse): void => undefined;
    const { url, upstream } = await served(({ response, reply }: ScriptedExchange) => {
      if (isBack) reply({ content: [] });
      else if (upstream.received.length > 3) onHeld(response);
      else response.writeHead(503).end();
    });
    for (let failure = 0; failure < 3; failure += 1) await call(url);
    /** The first call that the upstream gets again, and holds. */
    const probe = () =>
      eventually(async () => {
        const held = new Promise<ServerResponse>((resolve) => (onHeld = resolve));
        const answer = call(url);
        const first = await Promise.race([held, answer]);
        if ('body' in first) throw new Error(`refused: ${String(reasonOf(first))}`);
        return { answer, response: first };
      });
    for (let round = 1; round <= 2; round += 1) {
      const { answer, response } = await probe();
      const others = await Promise.all(Array.from({ length: 20 }, () => call(url)));
      expect(others.map(reasonOf)).toEqual(others.map(() => 'circuit'));
      expect(upstream.received).toHaveLength(3 + round);
      response.writeHead(503).end();
      expect(reasonOf(await answer)).toBe('upstream_unavailable');
    }
    isBack = true;
    await eventually(async () => expect(reasonOf(await call(url))).toBe('answered'));
    const all = await Promise.all(Array.from({ length: 20 }, () => call(url)));
    expect(all.map(reasonOf)).toEqual(all.map(() => 'answered'));
  });

  it('leaves the calls to other gateways as they were', async () => {
    verifies('limits.breaker');
    let isDown = false;
    const { url } = await served(({ response, reply }: ScriptedExchange) => {
      if (isDown) response.destroy();
      else reply({ content: [] });
    });
    /** The 99th percentile of 100 calls to the other gateway, 4 at a time, while as many go to this one. */
    const oneRound = async (): Promise<number> => {
      const durations: number[] = [];
      const both = async (): Promise<void> => {
        for (let n = 0; n < 25; n += 1) {
          const began = performance.now();
          const [fine] = await Promise.all([
            call(url, 'fine').then((each) => {
              durations.push(performance.now() - began);
              return each;
            }),
            call(url),
          ]);
          expect(reasonOf(fine)).toBe('answered');
        }
      };
      await Promise.all([both(), both(), both(), both()]);
      return percentile(durations, 0.99);
    };
    /** The best of three rounds: other processes run beside this one. */
    const measure = async (): Promise<number> => Math.min(await oneRound(), await oneRound(), await oneRound());
    await oneRound();
    const before = await measure();
    isDown = true;
    const during = await measure();
    expect(during).toBeLessThan(10 * before + 100);
  });
});
