import { CallsSeen } from '@lethe/contracts';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { tool } from '../support/published-routes.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';

const CANARY = 'canary-0815';

describeProxies('what proxies tell registries of calls', 1, ({ proxies, keep, publish, startUpstream }) => {
  const told: CallsSeen[] = [];
  beforeAll(() => {
    const subscription = proxies.broker.subscribe(CallsSeen.subject, {
      callback: (_error, message) => void told.push((message.json() as { data: CallsSeen }).data),
    });
    keep({ close: () => subscription.unsubscribe() });
  });

  it('is counts and a sample of log facts, without arguments, results, headers or methods of a client', async () => {
    verifies('activity.no-values');
    const well = await startUpstream(({ reply }) => reply({ content: [{ type: 'text', text: CANARY }] }));
    const gateways = [
      { slug: 'well', url: well.url, items: [tool('echo')] },
      { slug: 'dead', url: 'http://127.0.0.1:9/mcp', items: [tool('lost')] },
    ];
    const { url } = await publish({ gateways });
    const argument = { text: CANARY };
    for (const name of ['echo', 'echo', 'lost', CANARY])
      await legacy(url, 'tools/call', { name, arguments: argument }, { 'x-canary': CANARY });
    await legacy(url, `tools/${CANARY}`, {});
    const counts = () => told.flatMap((notice) => notice.counts);
    const calls = () => counts().reduce((sum, count) => sum + count.calls, 0);
    await expect.poll(calls, { timeout: 15_000 }).toBeGreaterThanOrEqual(5);
    const of = (gateway: string, outcome: string) =>
      counts()
        .filter((count) => count.gateway === gateway && count.outcome === outcome)
        .reduce((sum, count) => sum + count.calls, 0);
    expect([of('well', 'ok'), of('dead', 'upstream_unreachable'), of('', 'item_unknown')]).toEqual([2, 1, 1]);
    const [server] = new URL(url).pathname.split('/').slice(2);
    expect(new Set(counts().map((count) => count.server))).toEqual(new Set([server]));
    expect(counts().map(({ method }) => method)).toContain('(unknown)');
    const sampled = told.flatMap((notice) => notice.calls);
    expect(sampled.map(({ item, outcome }) => [item, outcome])).toEqual(
      expect.arrayContaining([
        ['echo', 'ok'],
        ['lost', 'upstream_unreachable'],
      ]),
    );
    expect(new Set(sampled.map(({ caller }) => caller))).toEqual(new Set(['open']));
    expect(JSON.stringify(told)).not.toContain(CANARY);
    expect(told.map(({ number }) => number)).toEqual(told.map((_, index) => index + 1));
  });
});
