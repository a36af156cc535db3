import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steadyCalls } from '../support/steady-calls.js';
import { verifyPatiently } from '../bench/scale/verify-patiently.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const CREDENTIAL = { scheme: 'bearer', token: 'a-token-that-opens-nothing-at-all' } as const;
const AT_ONCE = 20;

describe('twenty registrations at once', () => {
  let lethe: Embedded;
  let upstream: Upstream;

  beforeAll(async () => {
    const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
    const content = [{ type: 'text', text: 'done' }];
    [lethe, upstream] = await Promise.all([
      startEmbedded({ LETHE_LOG_LEVEL: 'warn' }),
      startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools }, 'tools/call': { content } } })),
    ]);
  });
  afterAll(() => Promise.all([lethe?.stop(), upstream?.close()]));

  it('all end verified, and no call through the proxy fails meanwhile', async () => {
    verifies('scale.registrations-at-once');
    const { admin, proxyUrl } = lethe;
    const gateway = await admin.register({ name: 'Steady', url: upstream.url }, CREDENTIAL.token);
    await admin.ask('POST', '/servers', { name: 'Steady', slug: 'steady', include: [{ gateway: gateway.slug }] });
    const key = await admin.callerKey();
    await servedBy(proxyUrl, 'steady', key);
    const headers = {
      authorization: `Bearer ${key}`,
      [`x-upstream-${gateway.slug}-authorization`]: `Bearer ${CREDENTIAL.token}`,
    };
    const calls = steadyCalls(`${proxyUrl}/servers/steady/mcp`, 'echo', headers);
    const created = Array.from({ length: AT_ONCE }, (_, n) =>
      admin.createGateway({ name: `At once ${n}`, url: upstream.url }),
    );
    const states = await Promise.all(
      created.map(async (one) => (await verifyPatiently(admin, (await one).id, CREDENTIAL)).state),
    );
    const { latenciesMs, failures } = await calls.stop();
    expect(states).toEqual(Array.from({ length: AT_ONCE }, () => 'verified'));
    expect(latenciesMs.length).toBeGreaterThan(10);
    expect(failures).toBe(0);
  }, 120_000);
});

describe('verifications that nobody finishes', () => {
  let lethe: Embedded;
  beforeAll(async () => {
    // With the door, as by default.
    lethe = await startEmbedded({ LETHE_LOG_LEVEL: 'warn', LETHE_SLOT_TTL_SECONDS: '6' });
  });
  afterAll(() => lethe?.stop());

  it('lock nobody out: the next one begins when Retry-After says so, or at once when one is cancelled', async () => {
    verifies('slots.say-when');
    verifies('verification.cancelled');
    const { id } = await lethe.admin.createGateway({ name: 'Abandoned', url: 'http://127.0.0.1:9/mcp' });
    const begin = () => lethe.admin.request<{ id: string }>('POST', `/gateways/${id}/verifications`, {});
    const begun = [await begin(), await begin(), await begin()];
    expect(begun.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await begin()).status).toBe(429);
    const cancelled = await lethe.admin.ask('POST', `/gateways/${id}/verifications/${begun[0]?.body.id}/cancel`);
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    expect((await begin()).status).toBe(201);
    const refused = await begin();
    const seconds = Number(refused.headers.get('retry-after'));
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'too_many_slots' }]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(7);
    // It promises a time, and this is that time.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await begin()).status).toBe(201);
  });
});
