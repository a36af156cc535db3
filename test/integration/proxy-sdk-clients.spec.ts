import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyItems, modernItems } from '../support/upstream-items.js';
import { startEverythingUpstream, startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const token = (): string => `tok_${randomBytes(24).toString('base64url')}`;

describeProxies('two proxies behind a load balancer without affinity', 2, ({ proxies, keep, publish, publishKey }) => {
  const tokens = { everything: token(), modern: token(), second: token() };
  let everything: Upstream;
  let modern: Upstream;
  let second: Upstream;
  let key: string;

  const endpoint = (slug: string): string => `${proxies.url}/servers/${slug}/mcp`;
  const caller = () => ({ authorization: `Bearer ${key}` });

  beforeAll(async () => {
    [everything, modern, second] = await Promise.all([
      startEverythingUpstream({ token: tokens.everything }).then(keep),
      startModernUpstream({ token: tokens.modern, name: 'modern' }).then(keep),
      startModernUpstream({ token: tokens.second, name: 'second' }).then(keep),
    ]);
    const legacyDraft = {
      slug: 'everything',
      url: everything.url,
      items: await legacyItems(everything.url, tokens.everything),
      facts: { sessionful: true },
    };
    const modernDraft = {
      slug: 'modern',
      url: modern.url,
      items: await modernItems(modern.url, tokens.modern),
      facts: MODERN_FACTS,
    };
    const secondDraft = { ...modernDraft, slug: 'second', url: second.url };
    const access = 'key' as const;
    await publish({
      slug: 'legacy',
      access,
      gateways: [legacyDraft],
      shortForm: { Authorization: 'everything' },
      exposed: { 'everything echo': 'renamed-echo' },
    });
    await publish({
      slug: 'modern',
      access,
      gateways: [modernDraft],
      shortForm: { Authorization: 'modern' },
    });
    await publish({
      slug: 'both',
      access,
      gateways: [modernDraft, secondDraft],
      exposed: { 'second echo': 'second-echo' },
    });
    key = await publishKey('both');
  });

  it('let a legacy client list, read, get and call with its session token on either', async () => {
    const before = everything.received.length;
    const client = await connectLegacy(endpoint('legacy'), {
      ...caller(),
      'x-upstream-authorization': `Bearer ${tokens.everything}`,
    });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('renamed-echo');
    for (const round of ['one', 'two', 'three']) {
      const answer = await client.callTool({ name: 'renamed-echo', arguments: { message: `round ${round}` } });
      expect(JSON.stringify(answer.content)).toContain(`round ${round}`);
    }
    const { resources } = await client.listResources();
    expect((await client.readResource({ uri: resources[0]?.uri ?? '' })).contents).toHaveLength(1);
    const { prompts } = await client.listPrompts();
    expect((await client.getPrompt({ name: prompts[0]?.name ?? '' })).messages.length).toBeGreaterThan(0);
    await client.close();
    const sent = everything.received.slice(before);
    expect(new Set(sent.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${tokens.everything}`]));
    expect(JSON.stringify(sent)).not.toContain(key);
    expect(JSON.stringify(sent)).not.toContain('x-upstream-');
    const opened = sent.filter(({ headers }) => headers['mcp-session-id'] === undefined);
    expect(opened).toHaveLength(1);
  });

  it('relay the progress of a call event by event', async () => {
    const client = await connectLegacy(endpoint('legacy'), {
      ...caller(),
      'x-upstream-everything-authorization': `Bearer ${tokens.everything}`,
    });
    const progress: number[] = [];
    await client.callTool({ name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 4 } }, undefined, {
      onprogress: ({ progress: at }) => progress.push(at),
    });
    await client.close();
    expect(progress).toEqual([1, 2, 3, 4]);
  });

  it('let a modern client list, read, get and call', async () => {
    const client = await connectModern(endpoint('modern'), {
      ...caller(),
      'x-upstream-authorization': `Bearer ${tokens.modern}`,
    });
    const { tools } = await client.listTools();
    const answer = await client.callTool({ name: 'echo', arguments: { text: 'once more', message: 'once more' } });
    expect(tools.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer.content)).toContain('once more');
    const { resources } = await client.listResources();
    expect((await client.readResource({ uri: resources[0]?.uri ?? '' })).contents).toHaveLength(1);
    const { prompts } = await client.listPrompts();
    const prompt = await client.getPrompt({ name: prompts[0]?.name ?? '', arguments: { who: 'you' } });
    expect(prompt.messages.length).toBeGreaterThan(0);
    await client.close();
  });

  it('send each gateway its own credential and never the other one', async () => {
    const [beforeModern, beforeSecond] = [modern.received.length, second.received.length];
    const client = await connectModern(endpoint('both'), {
      ...caller(),
      'x-upstream-modern-authorization': `Bearer ${tokens.modern}`,
      'x-upstream-second-authorization': `Bearer ${tokens.second}`,
    });
    const named = { text: 'hello', message: 'hello' };
    expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: named }))).toContain('modern');
    expect(JSON.stringify(await client.callTool({ name: 'second-echo', arguments: named }))).toContain('second');
    await client.close();
    const toModern = JSON.stringify(modern.received.slice(beforeModern));
    const toSecond = JSON.stringify(second.received.slice(beforeSecond));
    expect(toModern).toContain(tokens.modern);
    expect(toModern).not.toContain(tokens.second);
    expect(toSecond).toContain(tokens.second);
    expect(toSecond).not.toContain(tokens.modern);
    expect(toModern + toSecond).not.toContain(key);
    expect(second.received.at(-1)?.headers['mcp-name']).toBe('echo');
  });
});
