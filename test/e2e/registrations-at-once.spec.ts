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
