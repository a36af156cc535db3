import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS, RoutesApplied } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { legacy } from '../support/proxy/rpc.js';
import { tool } from '../support/registry/fake-connector.js';
import { startBusApp } from '../support/messaging-app.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const WAIT = { prefer: 'wait=15' };

describe('a change with Prefer: wait', () => {
  let harness: RegistryHarness;
  const homes: string[] = [];
  const proxies: RunningService[] = [];

  beforeAll(async () => {
    const kind = isDatabaseAvailable('postgres') ? 'postgres' : 'embedded';
    harness = await RegistryHarness.start(kind, { LETHE_KEPT_CREDENTIALS: 'on' });
  });
  afterAll(async () => {
    for (const proxy of proxies) await proxy.close();
    await harness?.stop();
    for (const home of homes) await rm(home, { recursive: true });
  });

  const addProxy = async (): Promise<RunningService> => {
    const home = await mkdtemp(join(tmpdir(), 'lethe-proxy-'));
    homes.push(home);
    const settings = readSettings({ LETHE_HOME: home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
    const proxy = await startProxy({
      settings,
      trust: harness.trust,
      bus: { broker: harness.broker, service: 'proxy' },
    });
    proxies.push(proxy);
    return proxy;
  };
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = WAIT) => {
    const answer = await harness.admin.request<Record<string, string> | undefined>(method, path, body, headers);
    expect(answer.status).toBeLessThan(300);
    const { key = '', id = '' } = answer.body ?? {};
    const { headers: told } = answer;
    return { key, id, applied: told.get('preference-applied'), late: told.get('lethe-not-applied') };
  };
  /** The status of a list at each proxy, with its number of tools. */
  const seen = (slug: string, key?: string) =>
    Promise.all(
      proxies.map(async ({ url }) => {
        const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
        const { status, body } = await legacy(`${url}/servers/${slug}/mcp`, 'tools/list', {}, headers);
        return status === 200 ? body.result.tools.length : status;
      }),
    );

  it('is answered when the time is over, and says nothing of the preference, if there is no proxy', async () => {
    const begin = performance.now();
    const { applied } = await send('POST', '/servers', { name: 'Nobody' }, { prefer: 'wait=1' });
    expect(applied).toBeNull();
    expect(performance.now() - begin).toBeGreaterThan(900);
  });

  it('is answered when every live proxy serves it: each next call sees it', async () => {
    verifies('rest.prefer-wait');
    await addProxy();
    await addProxy();
    const { id } = await harness.gateway({ passthroughHeaders: [] });
    await harness.verified(id, [tool('a'), tool('b')]);
    for (let n = 0; n < 10; n += 1) {
      const made = await send('POST', '/servers', {
        name: `S${n}`,
        slug: `s${n}`,
        include: [{ gateway: id }],
        access: 'open',
      });
      expect(made.applied).toBe('wait=15');
      expect(await seen(`s${n}`)).toEqual([2, 2]);
    }
    await send('PATCH', '/servers/s0', { access: 'key' });
    const { key, id: keyId } = await send('POST', '/keys', { name: 'k', servers: ['s0'] });
    expect(await seen('s0', key)).toEqual([2, 2]);
    await send('PATCH', '/servers/s0', { enabled: false });
    expect(await seen('s0', key)).toEqual([503, 503]);
    await send('PATCH', '/servers/s0', { enabled: true });
    await send('PATCH', `/gateways/${id}`, { enabled: false });
    expect(await seen('s0', key)).toEqual([0, 0]);
    await send('DELETE', `/keys/${keyId}`);
    expect(await seen('s0', key)).toEqual([401, 401]);
    await send('DELETE', '/servers/s1');
    // It was open; one that does not exist looks like one that needs a key.
    expect(await seen('s1')).toEqual([401, 401]);
    await send('DELETE', `/gateways/${id}?force=true`);
    expect(await seen('s2')).toEqual([0, 0]);
  });

  it('that publishes nothing, or without a preference, is answered at once', async () => {
    const { id } = await harness.gateway();
    expect(await send('PATCH', `/gateways/${id}`, { name: 'Renamed' })).toMatchObject({ applied: 'wait=15' });
    expect(await send('PATCH', '/servers/s3', { name: 'Renamed' }, {})).toMatchObject({ applied: null });
  });

  it('waits for a kept credential at the proxies that open some, of which these open none', async () => {
    verifies('kept.replaced');
    const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
    const note = (more: Partial<RoutesApplied>): Promise<void> => {
      const notice = { proxy: 'host-that-opens/1', applied: [], opensKept: true, ...more };
      return bus.get(NoticePublisher).publish(RoutesApplied, Object.assign(new RoutesApplied(), notice));
    };
    const { id } = await harness.gateway();
    await harness.verified(id, [tool('a')]);
    const keep = async (headers?: Record<string, string>) => {
      const sealed = await harness.admin.sealKept(id, { scheme: 'bearer', token: 'a-service-key' });
      const { status, headers: told } = await harness.admin.request('PUT', `/gateways/${id}/kept-credential`, sealed, headers); // prettier-ignore
      return [status, told.get('preference-applied'), told.get('lethe-not-applied')];
    };
    try {
      expect(await keep(WAIT)).toEqual([200, 'wait=15', null]);
      await note({});
      await eventually(async () => expect(await keep({ prefer: 'wait=1' })).toEqual([200, null, 'host-that-opens']));
      await note({ applied: [`${BUCKETS.kept} ${id} 1000000000`] });
      expect(await keep(WAIT)).toEqual([200, 'wait=15', null]);
    } finally {
      await note({ isLeaving: true });
      await bus.close();
    }
  });

  it('names the hosts of the proxies that do not serve it in time', async () => {
    verifies('rest.prefer-wait');
    const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
    const note = (isLeaving: boolean): Promise<void> => {
      const notice = { proxy: 'late-host/1', applied: [], isLeaving };
      return bus.get(NoticePublisher).publish(RoutesApplied, Object.assign(new RoutesApplied(), notice));
    };
    try {
      await note(false);
      const change = () => send('PATCH', '/servers/s3', { name: 'Late' }, { prefer: 'wait=1' });
      await eventually(async () => expect(await change()).toMatchObject({ applied: null, late: 'late-host' }));
    } finally {
      await note(true);
      await bus.close();
    }
    expect(await send('PATCH', '/servers/s3', { name: 'Soon' })).toMatchObject({ applied: 'wait=15', late: null });
  });

  it('does not wait for a proxy that has ended', async () => {
    await proxies.pop()?.close();
    const begin = performance.now();
    expect((await send('PATCH', '/servers/s4', { name: 'Renamed' })).applied).toBe('wait=15');
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it('serves a reviewed result at once', async () => {
    const { id } = await harness.gateway({ passthroughHeaders: [] });
    const warnings = [{ code: 'hidden_text' as const, pointer: '/items/0', found: { bidi: 1 } }];
    const { id: vid } = await harness.verified(id, [tool('a')], { warnings });
    await send('POST', '/servers', { name: 'R', slug: 'reviewed', include: [{ gateway: id }], access: 'open' });
    expect(await seen('reviewed')).toEqual([0]);
    await send('POST', `/gateways/${id}/verifications/${vid}/apply`, {});
    expect(await seen('reviewed')).toEqual([1]);
  });

  it('is answered with the present state when the registry ends', async () => {
    const { id } = await harness.gateway();
    const verification = await harness.admin.startVerification(id);
    const sealed = await harness.admin.seal(verification, { scheme: 'bearer', token: 'a-token-of-the-upstream' });
    const waiting = harness.admin.putCredential(verification, sealed, WAIT);
    const path = `/gateways/${id}/verifications/${verification.id}`;
    await eventually(async () =>
      expect(await harness.admin.request('GET', path)).toMatchObject({ body: { state: 'running' } }),
    );
    const begin = performance.now();
    const [answer] = await Promise.all([waiting, harness.restart(harness.broker)]);
    expect(answer).toMatchObject({ status: 202, body: { state: 'running' } });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
