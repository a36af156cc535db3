import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacyItems, modernItems } from '../support/upstream-items.js';
import {
  legacyScript,
  startEverythingUpstream,
  startModernUpstream,
  type Upstream,
} from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

const token = (): string => `tok_${randomBytes(24).toString('base64url')}`;

describeProxies('clients and upstreams of different eras', 2, ({ proxies, keep, publish, startUpstream }) => {
  const tokens = { everything: token(), modern: token() };
  let everything: Upstream;
  let modern: Upstream;
  let sessionless: Upstream;

  const endpoint = (slug: string): string => `${proxies.url}/servers/${slug}/mcp`;
  const withToken = { 'x-upstream-authorization': `Bearer ${tokens.everything}` };
  const withModernToken = { 'x-upstream-authorization': `Bearer ${tokens.modern}` };

  beforeAll(async () => {
    [everything, modern, sessionless] = await Promise.all([
      startEverythingUpstream({ token: tokens.everything }).then(keep),
      startModernUpstream({ token: tokens.modern, name: 'modern' }).then(keep),
      startUpstream(
        legacyScript({ results: { 'tools/call': { content: [{ type: 'text', text: 'plain' }], n: 1.5 } } }),
      ),
    ]);
    const [items, own] = await Promise.all([
      legacyItems(everything.url, tokens.everything),
      modernItems(modern.url, tokens.modern),
    ]);
    await publish({
      slug: 'everything',
      gateways: [{ slug: 'everything', url: everything.url, items, facts: { sessionful: true } }],
      shortForm: { Authorization: 'everything' },
      exposed: { 'everything echo': 'renamed' },
      eras: 'both',
    });
    await publish({
      slug: 'modern',
      gateways: [{ slug: 'modern', url: modern.url, items: own, facts: MODERN_FACTS }],
      shortForm: { Authorization: 'modern' },
      exposed: { 'modern echo': 'renamed' },
    });
    await publish({
      slug: 'sessionless',
      gateways: [{ slug: 'up', url: sessionless.url, items: [tool('plain')] }],
    });
  });

  /** Methods of the HTTP requests that an upstream got during some work. */
  async function counted(upstream: Upstream, requests: number, work: () => Promise<unknown>): Promise<string[]> {
    const before = upstream.received.length;
    await work();
    await eventually(() => expect(upstream.received.length - before).toBe(requests));
    return upstream.received.slice(before).map(({ method }) => method);
  }

  it('let a legacy client list, read, get and call on a modern upstream, with one request per call', async () => {
    verifies('eras.translated');
    const client = await connectLegacy(endpoint('modern'), withModernToken);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['renamed', 'regional', 'count']));
    await counted(modern, 1, async () => {
      const answer = await client.callTool({ name: 'renamed', arguments: { text: 'across' } });
      expect(answer.content).toEqual([{ type: 'text', text: 'modern: across' }]);
      expect(answer).not.toHaveProperty('resultType');
    });
    expect(modern.received.at(-1)?.headers).toMatchObject({ 'mcp-name': 'echo', 'mcp-method': 'tools/call' });
    const regional = await client.callTool({ name: 'regional', arguments: { region: 'østlandet' } });
    expect(JSON.stringify(regional.content)).toContain('modern in østlandet');
    const progress: number[] = [];
    const onprogress = ({ progress: at }: { progress: number }) => void progress.push(at);
    const count = await client.callTool({ name: 'count', arguments: { to: 3 } }, undefined, { onprogress });
    expect(count.structuredContent).toEqual({ reached: 3 });
    expect(progress).toEqual([1, 2, 3]);
    expect((await client.readResource({ uri: 'modern://note' })).contents).toMatchObject([
      { text: 'A note of modern' },
    ]);
    await expect(client.readResource({ uri: 'modern://nothing' })).rejects.toMatchObject({ code: -32002 });
    const prompt = await client.getPrompt({ name: 'greet', arguments: { who: 'you' } });
    expect(JSON.stringify(prompt.messages)).toContain('Say hello to you');
    await client.close();
  });

  it('let a modern client list, read, get and call on a legacy upstream with sessions, with four requests', async () => {
    verifies('eras.translated');
    const client = await connectModern(endpoint('everything'), withToken);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('renamed');
    const methods = await counted(everything, 4, async () => {
      const answer = await client.callTool({ name: 'renamed', arguments: { message: 'across' } });
      expect(answer.content).toMatchObject([{ text: 'Echo: across' }]);
    });
    expect(methods).toEqual(['POST', 'POST', 'POST', 'DELETE']);
    const { resources } = await client.listResources();
    expect((await client.readResource({ uri: resources[0]?.uri ?? '' })).contents).toHaveLength(1);
    await expect(client.readResource({ uri: 'demo://nothing' })).rejects.toMatchObject({ code: -32602 });
    const { prompts } = await client.listPrompts();
    expect((await client.getPrompt({ name: prompts[0]?.name ?? '' })).messages.length).toBeGreaterThan(0);
    const progress: number[] = [];
    const onprogress = ({ progress: at }: { progress: number }) => void progress.push(at);
    const long = { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 2 } };
    await client.callTool(long, { onprogress });
    expect(progress).toEqual([1, 2]);
    await client.close();
  });

  it('let a modern client call a legacy upstream without sessions, with one request', async () => {
    const client = await connectModern(endpoint('sessionless'), {});
    await counted(sessionless, 1, async () => {
      const answer = await client.callTool({ name: 'plain' });
      expect(answer.content).toEqual([{ type: 'text', text: 'plain' }]);
    });
    expect(sessionless.received.at(-1)?.headers).not.toHaveProperty('mcp-method');
    await client.close();
  });
});
