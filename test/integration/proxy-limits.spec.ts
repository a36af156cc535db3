import type { ServerResponse } from 'node:http';
import type { ServerLimits } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { type Answer, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import type { ScriptedExchange, UpstreamScript } from '../support/upstreams/index.js';

const HOUR = 3_600;
const answer: UpstreamScript = ({ reply }) => reply({ content: [] });
const call = (url: string, name = 'echo', headers: Record<string, string> = {}) =>
  legacy(url, 'tools/call', { name, arguments: {} }, headers);
const callModern = (url: string, name = 'echo', headers: object = {}) =>
  modern(url, 'tools/call', { name, arguments: {} }, headers);
const passed = (answers: Answer[]): number => answers.filter(({ body }) => body.result !== undefined).length;

describeProxies('limits, through two proxies', 2, ({ proxies, publish, publishKey, startUpstream }) => {
  /** One virtual server for keys with these limits, and a caller for each name. */
  async function limited(limits: ServerLimits, script: UpstreamScript = answer, gateway: object = {}) {
    const upstream = await startUpstream(script);
    const items = ['echo', 'write_a', 'write_b'].map(tool);
    const { path, manifest } = await publish({
      ...{ access: 'key', limits },
      gateways: [{ slug: 'up', url: upstream.url, items, ...gateway }],
    });
    const caller = async () => ({ authorization: `Bearer ${await publishKey(manifest.slug)}` });
    const [first = '', second = ''] = proxies.replicas.map(({ url }) => url + path);
    return { upstream, manifest, first, second, caller };
  }

  it('let exactly as many calls of a caller through as they say, at each replica', async () => {
    verifies('limits.exact');
    const { first, second, caller, upstream } = await limited({ caller: { calls: 7, seconds: HOUR } });
    const [one, other] = [await caller(), await caller()];
    const burst = (url: string, headers: Record<string, string>) =>
      Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? call : callModern)(url, 'echo', headers)));
    expect(passed(await burst(first, one))).toBe(7);
    expect(passed(await burst(first, one))).toBe(0);
    expect(passed(await burst(first, other))).toBe(7);
    // Replicas count for themselves: together they let through as many times the limit as there are of them.
    expect(passed(await burst(second, one))).toBe(7);
    expect(upstream.received).toHaveLength(21);
    for (const method of ['tools/list', 'ping']) expect((await legacy(first, method, {}, one)).status).toBe(200);
  });

  it('say which limit it is and when to call again, in both eras', async () => {
    verifies('limits.told');
    const { first, caller } = await limited({
      caller: { calls: 4, seconds: HOUR, burst: 3 },
      tools: [{ names: ['write_*'], caller: { calls: 1, seconds: 60 } }],
    });
    const headers = await caller();
    const refused = (limit: string, retryAfterSeconds: number) => ({
      status: 429,
      body: { error: { code: 1217, data: { reason: 'rate_limited', limit, retryAfterSeconds } } },
    });
    expect(passed([await call(first, 'write_a', headers)])).toBe(1);
    for (const ask of [call, callModern]) {
      const answered = await ask(first, 'write_b', headers);
      expect(answered).toMatchObject(refused('tools', 60));
      expect(answered.headers.get('retry-after')).toBe('60');
      expect(answered.body.error.message).toMatch(/^This caller makes too many calls: try again in /);
    }
    // What was refused by one limit counts for no other.
    expect(passed([await call(first, 'echo', headers), await callModern(first, 'echo', headers)])).toBe(2);
    for (const ask of [call, callModern])
      expect(await ask(first, 'echo', headers)).toMatchObject(refused('caller', 900));
    const metrics = await (await fetch(`${proxies.replicas[0]?.url}/metrics`)).text();
    expect(metrics).toContain('lethe_proxy_limited_total{limit="tools",gateway="up"} 2');
  });

  it('count a call as running until it is answered, its client leaves, or its upstream fails', async () => {
    verifies('limits.released');
    const held: ServerResponse[] = [];
    const hold = ({ response }: ScriptedExchange): void => void held.push(response);
    const rate = { calls: 1_000, seconds: 1, concurrent: 1 };
    const { first, caller } = await limited({ caller: rate }, hold);
    const [headers, other] = [await caller(), await caller()];
    const full = async (): Promise<void> => {
      expect(await call(first, 'echo', headers)).toMatchObject({
        status: 429,
        body: { error: { data: { limit: 'concurrent', retryAfterSeconds: 1 } } },
      });
    };
    /** In an object: an async function would wait for the call itself. */
    const running = async <T>(begin: () => Promise<T>): Promise<{ answer: Promise<T> }> => {
      const before = held.length;
      const answer = begin();
      await eventually(() => expect(held).toHaveLength(before + 1));
      return { answer };
    };
    const begin = () => call(first, 'echo', headers);
    const answered = await running(begin);
    await full();
    const theirs = await running(() => call(first, 'echo', other));
    held.at(-2)?.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}');
    held.at(-1)?.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}');
    expect(passed(await Promise.all([answered.answer, theirs.answer]))).toBe(2);
    const reset = await running(begin);
    await full();
    held.at(-1)?.destroy();
    expect((await reset.answer).body.error.data['reason']).toBe('upstream_unreachable');
    const leaving = new AbortController();
    const left = await running(() =>
      fetch(first, {
        ...modernRequest('tools/call', { name: 'echo', arguments: {} }, headers),
        signal: leaving.signal,
      }).catch(String),
    );
    await full();
    leaving.abort();
    await left.answer;
    const gone = held.at(-1);
    await eventually(() => expect(gone?.destroyed || gone?.socket?.destroyed).toBe(true));
    const last = await running(begin);
    held.at(-1)?.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}');
    expect(passed([await last.answer])).toBe(1);
  });

  it('bound the calls of all callers to a gateway, and let none wait', async () => {
    const held: ServerResponse[] = [];
    const { first, caller } = await limited({}, ({ response }) => void held.push(response), {
      limits: { concurrent: 2 },
    });
    const callers = [await caller(), await caller(), await caller()];
    const running = callers.slice(0, 2).map((headers) => call(first, 'echo', headers));
    await eventually(() => expect(held).toHaveLength(2));
    const refused = await call(first, 'echo', callers[2]);
    expect(refused.body.error.data).toEqual({
      ...{ reason: 'gateway_unavailable', gateway: 'up', why: 'concurrent', retryAfterSeconds: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    for (const response of held) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}');
    }
    expect(passed(await Promise.all(running))).toBe(2);
  });
});
