import { GatewaysSeen } from '@lethe/contracts';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { tool } from '../support/published-routes.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';

const LIST_CHANGED = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

type Seen = Record<'answered' | 'failed' | 'listChanged' | 'unknownItem', string[]>;

describeProxies('what calls show of gateways', 1, ({ proxies, keep, publish, startUpstream }) => {
  const seen: Seen = { answered: [], failed: [], listChanged: [], unknownItem: [] };
  beforeAll(() => {
    const subscription = proxies.broker.subscribe(GatewaysSeen.subject, {
      callback: (_error, message) => {
        for (const [name, slugs] of Object.entries((message.json() as { data: Seen }).data))
          seen[name as keyof Seen].push(...slugs);
      },
    });
    keep({ close: () => subscription.unsubscribe() });
  });

  it('is told to the registry: whether they answer, and signs of drift', async () => {
    verifies('gateway.drift-suspected');
    const error = (code: number) => startUpstream(({ replyError }) => replyError(200, { code, message: 'No' }));
    const streamed = (messages: (id: unknown) => object[]) =>
      startUpstream(({ response, message: { id } }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(
          messages(id)
            .map((message) => `data: ${JSON.stringify(message)}\n\n`)
            .join(''),
        );
      });
    const upstreams = {
      well: await startUpstream(({ reply }) => reply({ content: [] })),
      refusing: await startUpstream(({ response }) => void response.writeHead(401).end()),
      // Nothing listens there.
      dead: { url: 'http://127.0.0.1:9/mcp' },
      gone: await error(-32601),
      'gone-stream': await streamed((id) => [{ jsonrpc: '2.0', id, error: { code: -32601, message: 'No' } }]),
      arguments: await error(-32602),
      changing: await streamed((id) => [LIST_CHANGED, { jsonrpc: '2.0', id, result: { content: [] } }]),
    };
    const facts = { capabilities: { tools: { listChanged: true } } };
    const gateways = Object.entries(upstreams).map(([slug, { url }]) => ({
      slug,
      url,
      facts,
      items: [tool(`t-${slug}`)],
    }));
    const { url } = await publish({ gateways });
    for (const slug of Object.keys(upstreams)) await legacy(url, 'tools/call', { name: `t-${slug}`, arguments: {} });
    const told = () => Object.values(seen).flat().length;
    await expect.poll(told, { timeout: 15_000 }).toBeGreaterThanOrEqual(10);
    expect(new Set(seen.answered)).toEqual(
      new Set(['well', 'refusing', 'gone', 'gone-stream', 'arguments', 'changing']),
    );
    expect(new Set(seen.failed)).toEqual(new Set(['dead']));
    expect(new Set(seen.listChanged)).toEqual(new Set(['changing']));
    expect(new Set(seen.unknownItem)).toEqual(new Set(['gone', 'gone-stream']));
  });
});
