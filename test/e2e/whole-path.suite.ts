import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequirementId, verifies } from '../requirements.js';
import type { Admin } from '../support/admin.js';
import { askWhetherServed } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { begin, legacy, modernRequest } from '../support/proxy/rpc.js';
import { startEverythingUpstream, startModernUpstream, type Upstream } from '../support/upstreams/index.js';

/** What a way of running Lethe offers to the tests of the whole path. */
export interface Deployment {
  admin: Admin;
  /** Where MCP clients go; with several proxies, a balancer without affinity. */
  clientUrl: string;
  stop(): Promise<void>;
}

interface Explained {
  proxies: { host: string; isCurrent: boolean }[];
}

const secret = (): string => `tok_${randomBytes(24).toString('base64url')}`;

/** Registers real upstreams, each once, and calls them as real clients do. Run over every way of running Lethe. */
export function describeWholePath(title: string, promise: RequirementId, start: () => Promise<Deployment>): void {
  describe(`the whole path, ${title}`, () => {
    // The first of each is the registration's; a test that calls with another one adds it.
    const tokens = { everything: [secret()], modern: [secret()], second: [secret()] };
    let lethe: Deployment;
    let everything: Upstream;
    let modern: Upstream;
    let second: Upstream;
    let key: string;

    beforeAll(async () => {
      [lethe, everything, modern, second] = await Promise.all([
        start(),
        startEverythingUpstream({ token: tokens.everything }),
        startModernUpstream({ token: tokens.modern, name: 'modern' }),
        startModernUpstream({ token: tokens.second, name: 'second' }),
      ]);
      const { admin } = lethe;
      const gateways = [
        await admin.register({ name: 'Everything', url: everything.url }, tokens.everything[0] ?? ''),
        await admin.register({ name: 'Modern', url: modern.url }, tokens.modern[0] ?? ''),
        await admin.register({ name: 'Second', url: second.url }, tokens.second[0] ?? ''),
      ];
      expect(gateways.map((gateway) => gateway.verification.state)).toEqual(['verified', 'verified', 'verified']);
      await admin.ask('POST', '/servers', { name: 'Legacy', include: [{ gateway: 'everything' }] });
      await admin.ask('POST', '/servers', { name: 'Modern', include: [{ gateway: 'modern' }] });
      await admin.ask('POST', '/servers', { name: 'Both', include: [{ gateway: 'modern' }, { gateway: 'second' }] });
      key = await admin.callerKey();
      await Promise.all(['legacy', 'modern', 'both'].map((slug) => served(slug)));
    });

    afterAll(async () => {
      await Promise.allSettled([lethe?.stop(), everything?.close(), modern?.close(), second?.close()]);
    });

    const endpoint = (slug: string): string => `${lethe.clientUrl}/servers/${slug}/mcp`;
    const caller = () => ({ authorization: `Bearer ${key}` });

    /** Publishing is asynchronous: waits until every replica serves it (four turns of the balancer in a row). */
    async function served(slug: string): Promise<void> {
      let inARow = 0;
      const deadline = Date.now() + 15_000;
      while (inARow < 4) {
        const { isServed, status } = await askWhetherServed(lethe.clientUrl, slug, { key });
        inARow = isServed ? inARow + 1 : 0;
        if (Date.now() > deadline) throw new Error(`${slug} is not served: ${status}`);
      }
    }

    it('serves a change at every replica when the admin API has answered, if it is asked to wait', async () => {
      verifies('rest.prefer-wait');
      const body = { name: 'At once', slug: 'at-once', include: [{ gateway: 'modern' }] };
      const made = await lethe.admin.request('POST', '/servers', body, { prefer: 'wait=15' });
      expect(made.headers.get('preference-applied')).toBe('wait=15');
      for (let turn = 0; turn < 4; turn += 1) {
        expect((await legacy(endpoint('at-once'), 'tools/list', {}, caller())).status).toBe(200);
      }
    });

    it('probes an upstream from a connector, and knows which proxies serve an item', async () => {
      verifies('probe.tells');
      verifies('explain.tells');
      const report = await lethe.admin.ask('POST', '/probes', { url: modern.url });
      expect(report).toMatchObject({
        outcome: 'credential_required',
        challenge: { schemes: ['Bearer'], realm: 'fixture' },
      });
      await eventually(async () => {
        const asked = { kind: 'tool', name: 'echo' };
        const { proxies } = await lethe.admin.ask<Explained>('POST', '/servers/modern/explain', asked);
        expect(proxies.map(({ isCurrent }) => isCurrent)).not.toContain(false);
        expect(proxies).not.toEqual([]);
      });
    });

    it('lets a legacy client list, read, get and call through a virtual server', async () => {
      verifies(promise);
      const before = everything.received.length;
      const mine = secret();
      tokens.everything.push(mine);
      const client = await connectLegacy(endpoint('legacy'), {
        ...caller(),
        'x-upstream-authorization': `Bearer ${mine}`,
      });
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toContain('echo');
      const answer = await client.callTool({ name: 'echo', arguments: { message: 'over the river' } });
      expect(JSON.stringify(answer.content)).toContain('over the river');
      const { resources } = await client.listResources();
      const read = await client.readResource({ uri: resources[0]?.uri ?? '' });
      expect(read.contents).toHaveLength(1);
      const { prompts } = await client.listPrompts();
      const prompt = await client.getPrompt({ name: prompts[0]?.name ?? '' });
      expect(prompt.messages.length).toBeGreaterThan(0);
      await client.close();

      const sent = everything.received.slice(before).map((request) => request.headers);
      expect(new Set(sent.map((headers) => headers.authorization))).toEqual(new Set([`Bearer ${mine}`]));
      expect(JSON.stringify(sent)).not.toContain(key);
      expect(JSON.stringify(sent)).not.toContain('x-upstream-authorization');
    });

    it('forgets a session that its client ended, on every proxy', async () => {
      verifies('session.ended-is-gone');
      const [ended, other] = [await begin(endpoint('legacy'), caller()), await begin(endpoint('legacy'), caller())];
      const lists = async (session: Record<string, string>): Promise<number[]> => {
        const turns = [1, 2, 3, 4].map(() => legacy(endpoint('legacy'), 'tools/list', {}, session));
        return (await Promise.all(turns)).map(({ status }) => status);
      };
      expect(await lists(ended)).toEqual([200, 200, 200, 200]);
      expect((await fetch(endpoint('legacy'), { method: 'DELETE', headers: ended })).status).toBe(200);
      await eventually(async () => expect(await lists(ended)).toEqual([404, 404, 404, 404]));
      expect(await lists(other)).toEqual([200, 200, 200, 200]);
    });

    it('lets a modern client list, read, get and call through a virtual server', async () => {
      verifies(promise);
      const client = await connectModern(endpoint('modern'), {
        ...caller(),
        'x-upstream-authorization': `Bearer ${tokens.modern[0] ?? ''}`,
      });
      const { tools } = await client.listTools();
      const answer = await client.callTool({ name: 'echo', arguments: { text: 'once more' } });
      expect(tools.length).toBeGreaterThan(0);
      expect(JSON.stringify(answer.content)).toContain('once more');
      const { resources } = await client.listResources();
      expect((await client.readResource({ uri: resources[0]?.uri ?? '' })).contents).toHaveLength(1);
      const { prompts } = await client.listPrompts();
      expect(
        (await client.getPrompt({ name: prompts[0]?.name ?? '', arguments: { who: 'you' } })).messages.length,
      ).toBeGreaterThan(0);
      await client.close();
    });

    it('sends each upstream its own credential and never the other one', async () => {
      verifies('passthrough.one-credential-one-upstream');
      const [first, other] = [secret(), secret()];
      tokens.modern.push(first);
      tokens.second.push(other);
      const [beforeModern, beforeSecond] = [modern.received.length, second.received.length];
      const client = await connectModern(endpoint('both'), {
        ...caller(),
        'x-upstream-modern-authorization': `Bearer ${first}`,
        'x-upstream-second-authorization': `Bearer ${other}`,
      });
      const { tools } = await client.listTools();
      const names = tools.map((tool) => tool.name);
      expect(names).toContain('echo');
      expect(names).toContain('second-echo');
      await client.callTool({ name: 'echo', arguments: { text: 'to the first' } });
      await client.callTool({ name: 'second-echo', arguments: { text: 'to the second' } });
      await client.close();

      const toModern = JSON.stringify(modern.received.slice(beforeModern));
      const toSecond = JSON.stringify(second.received.slice(beforeSecond));
      expect(toModern).toContain(first);
      expect(toModern).not.toContain(other);
      expect(toSecond).toContain(other);
      expect(toSecond).not.toContain(first);
      expect(toModern + toSecond).not.toContain(key);
    });

    it('refuses a call without the credential, naming the header to send', async () => {
      verifies('passthrough.missing-credential-is-named');
      const before = second.received.length;
      const headers = { ...caller(), 'x-upstream-authorization': `Bearer ${secret()}` };
      const call = { name: 'second-echo', arguments: { text: 'hello' } };
      const response = await fetch(endpoint('both'), modernRequest('tools/call', call, headers));
      const text = await response.text();
      expect(text.toLowerCase()).toContain('x-upstream-second-authorization');
      expect(second.received).toHaveLength(before);
    });
  });
}
