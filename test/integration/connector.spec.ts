import { randomBytes } from 'node:crypto';
import { GatewayVerified } from '@lethe/contracts';
import { isAlive } from '@lethe/platform';
import { catalogueDigest } from '@lethe/sealing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import { eventually } from '../support/eventually.js';
import {
  legacyScript,
  startEverythingUpstream,
  startModernUpstream,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

let harness: ConnectorHarness;
const upstreams: Upstream[] = [];
beforeAll(async () => {
  harness = await startConnectorHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

const using = <U extends Upstream>(upstream: U): U => {
  upstreams.push(upstream);
  return upstream;
};
const secret = (): string => randomBytes(32).toString('base64url');

describe('a handshake with a legacy server', () => {
  it('finds everything the reference server offers, closes the session, and signs for it', async () => {
    const token = secret();
    const upstream = using(await startEverythingUpstream({ token }));
    const order = harness.registry.order(upstream.url);
    const before = harness.connector.pids();
    const { event, items, receipt } = await harness.registry.verify(order, { scheme: 'bearer', token });
    if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);

    expect(event.facts).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true });
    expect(event.facts.listScope).toBe('unknown');
    expect(event.facts.serverInfo['name']).toBe('mcp-servers/everything');
    expect(event.counts.tools).toBeGreaterThan(8);
    expect(event.counts.resourceTemplates).toBeGreaterThan(0);
    expect(event.counts.prompts).toBeGreaterThan(0);
    expect(event.counts.skipped).toBe(0);

    expect(items.filter(({ kind }) => kind === 'tool')).toHaveLength(event.counts.tools);
    expect(catalogueDigest(event.facts, items)).toBe(event.digest);

    const { vid, gatewayId, slug, url, transport, mappings, configRevision, attempt } = order;
    expect(receipt.order).toEqual({ vid, gatewayId, slug, url, transport, mappings, configRevision, attempt });
    expect(receipt).toMatchObject({ outcome: 'verified', digest: event.digest, counts: event.counts });
    expect(receipt.origins).toEqual([new URL(url).origin]);
    expect(receipt.slotEnd.how).toBe('exited');
    expect(receipt.requests).toBe(upstream.received.length);

    expect(upstream.received.at(-1)?.method).toBe('DELETE');
    expect(upstream.received.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
    expect(upstream.received.every(({ headers }) => headers['accept-encoding'] === 'identity')).toBe(true);
    expect(before.filter((pid) => !isAlive(pid))).toHaveLength(1);
  });

  it('keeps unknown members, word for word', async () => {
    const tool = {
      name: 'odd',
      inputSchema: { type: 'object', 'x-vendor': [1, { deep: true }] },
      vendorHint: { a: 1 },
    };
    const capabilities = { tools: { listChanged: true, vendor: 1 }, extensions: { 'com.example/x': {} } };
    const script = legacyScript({ capabilities, results: { 'tools/list': { tools: [tool], vendorPage: 1 } } });
    const upstream = using(await startScriptedUpstream(script));
    const order = harness.registry.order(upstream.url);
    const { event, items } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({ facts: { capabilities, sessionful: false } });
    expect(items[0]?.definition).toEqual(tool);
    expect(upstream.received.map(({ method }) => method)).not.toContain('DELETE');
  });

  it('follows every page, and fetches no list that is not declared', async () => {
    const tools = Array.from({ length: 25 }, (_, index) => ({ name: `t${index}`, inputSchema: { type: 'object' } }));
    const upstream = using(
      await startScriptedUpstream(
        legacyScript({
          answers: {
            'tools/list': ({ message, reply }) => {
              const start = Number(message.params?.['cursor'] ?? 0);
              const next = start + 10 < tools.length ? { nextCursor: String(start + 10) } : {};
              reply({ tools: tools.slice(start, start + 10), ...next });
            },
          },
        }),
      ),
    );
    const order = harness.registry.order(upstream.url);
    const { event, items } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({ counts: { tools: 25, resources: 0, prompts: 0, skipped: 0 } });
    expect(items.map(({ own }) => own)).toEqual(tools.map(({ name }) => name));
    // The probe; twice initialize, initialized and three pages: without client capabilities, and with them.
    expect(event.requests).toBe(11);
  });

  it('leaves out one malformed tool and reports it', async () => {
    const good = { name: 'good', inputSchema: { type: 'object' } };
    const tools = [good, { name: 'bad', inputSchema: 'none' }, { ...good, name: 'also-good' }];
    const upstream = using(await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools } } })));
    const order = harness.registry.order(upstream.url);
    const { event } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({ counts: { tools: 2, skipped: 1 } });
    expect(event).toMatchObject({ skipped: [{ kind: 'tool', index: 1, reason: 'malformed' }] });
  });

  it('holds back a schema that clients can not compile, serves the tool and reports it', async () => {
    verifies('verification.bad-schemas-held-back');
    const tool = { name: 'good', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } };
    const tools = [tool, { ...tool, name: 'bad', outputSchema: { type: 'object', $ref: '#/$defs/missing' } }];
    const upstream = using(await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools } } })));
    const order = harness.registry.order(upstream.url);
    const { event, items } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({
      counts: { tools: 2, skipped: 0 },
      warnings: [{ code: 'schema_held_back', pointer: '/items/1/definition/outputSchema' }],
    });
    expect(items.map(({ definition }) => definition)).toEqual([tool, { name: 'bad', inputSchema: tool.inputSchema }]);
  });

  it('reports items and facts that hide characters, not what writing needs', async () => {
    verifies('verification.hidden-text-reviewed');
    const tool = {
      name: 'good',
      description: '\u26a0\ufe0f \u0645\u06cc\u200c\u062e',
      inputSchema: { type: 'object' },
    };
    const schema = { type: 'object', properties: { x: { type: 'string', description: 'a\u{e0061}\u{e0062}' } } };
    const bad = { name: 'bad\u200b', description: '\u001b[2J\u202e', inputSchema: schema };
    const results = { 'tools/list': { tools: [tool, bad] } };
    const upstream = using(await startScriptedUpstream(legacyScript({ results, instructions: 'Read\u2066 me' })));
    const order = harness.registry.order(upstream.url);
    const { event } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({
      warnings: [
        { code: 'hidden_text', pointer: '/facts/instructions', found: { bidi: 1 } },
        {
          ...{ code: 'hidden_text', pointer: '/items/1', kind: 'tool', name: 'bad\u200b' },
          found: { invisible: 3, bidi: 1, control: 1 },
        },
      ],
    });
  });

  it('takes 1,000 items and says that there were more', async () => {
    const tools = Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}`, inputSchema: { type: 'object' } }));
    const upstream = using(await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools } } })));
    const order = harness.registry.order(upstream.url);
    const { event } = await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(event).toMatchObject({ counts: { tools: 1000, skipped: 1 } });
    expect(event).toMatchObject({ skipped: [{ kind: 'tool', index: 1000, reason: 'too_many' }] });
  });

  it('works with a basic pair, with headers, with both, and with no credential at all', async () => {
    const pair = `Basic ${Buffer.from('somebody:correct-horse').toString('base64')}`;
    const accepts = (headers: Record<string, unknown>): boolean =>
      headers['authorization'] === pair || headers['x-api-key'] === 'correct-horse-battery';
    const locked = using(await startEverythingUpstream({ accepts }));
    for (const credential of [
      { scheme: 'basic', username: 'somebody', password: 'correct-horse' } as const,
      { scheme: 'headers', headers: [{ name: 'X-Api-Key', value: 'correct-horse-battery' }] } as const,
      {
        ...{ scheme: 'basic', username: 'somebody', password: 'correct-horse' },
        headers: [{ name: 'X-Tenant', value: 'acme' }],
      } as const,
    ]) {
      const ending = await harness.registry.verify(
        harness.registry.order(locked.url),
        structuredClone(credential) as never,
      );
      expect(ending.receipt.outcome).toBe('verified');
    }
    expect(locked.received.at(-1)?.headers).toMatchObject({ authorization: pair, 'x-tenant': 'acme' });
    const open = using(await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools: [] } } })));
    const order = harness.registry.order(open.url, { credential: 'none' });
    const reserved = await harness.registry.reserve(order);
    expect(reserved.doorUrl).toBeUndefined();
    expect((await harness.registry.ending(order.vid)).receipt.outcome).toBe('verified');
  });
});

describe('a handshake with a modern server', () => {
  it('discovers instead of initializing, lists everything, and learns who may see the lists', async () => {
    const token = secret();
    const upstream = using(await startModernUpstream({ token, name: 'alpha' }));
    const order = harness.registry.order(upstream.url);
    const { event, receipt } = await harness.registry.verify(order, { scheme: 'bearer', token });
    if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);
    expect(event.facts).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28', sessionful: false });
    expect(event.facts).toMatchObject({ instructions: 'Instructions of alpha', listScope: 'private' });
    expect(event.facts.serverInfo).toMatchObject({ name: 'alpha' });
    expect(event.counts).toEqual({ tools: 4, resources: 2, resourceTemplates: 1, prompts: 1, skipped: 0 });
    // Twice discover and four lists, without client capabilities and with them; the legacy era is rejected.
    expect(receipt.requests).toBe(11);
    const versions = upstream.received.map(({ headers }) => headers['mcp-protocol-version']);
    expect(versions.filter((version) => version === '2026-07-28')).toHaveLength(10);
    expect(versions.filter((version) => version === undefined)).toHaveLength(1);
  });
});

describe('after a handshake', () => {
  it('the process is gone before the result is known, and the pool is as full as before', async () => {
    await eventually(() => expect(harness.connector.pids()).toHaveLength(4));
    const before = harness.connector.pids();
    const upstream = using(await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools: [] } } })));
    const order = harness.registry.order(upstream.url);
    await harness.registry.verify(order, { scheme: 'bearer', token: secret() });
    expect(before.filter((pid) => isAlive(pid))).toHaveLength(3);
    await eventually(() => expect(harness.connector.pids()).toHaveLength(4));
    expect(harness.registry.endings(order.vid)).toHaveLength(1);
  });
});
