import { type Grant, RoutesApplied, type ServerLimits } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { legacy } from '../support/proxy/rpc.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface ServerView {
  slug: string;
  grants: Grant[] | null;
  limits: ServerLimits | null;
}
interface Key {
  id: string;
  key: string;
  roles: string[];
}

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`grants and limits, from the registry over ${kind} to the proxy`, () => {
    let harness: RegistryHarness;
    let proxy: RunningService;
    let gateway: { id: string; slug: string };

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
      proxy = await startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
      gateway = await harness.gateway({ trustHints: true });
      const reads = tool('read');
      const definition = { ...reads.definition, annotations: { readOnlyHint: true } };
      await harness.verified(gateway.id, [{ ...reads, definition }, tool('write'), tool('called_harmless')]);
    });
    afterAll(async () => {
      await proxy?.close();
      await harness?.stop();
    });

    const issue = (roles?: string[]) =>
      harness.admin.ask<Key>('POST', '/keys', { name: 'k', servers: '*', ...(roles && { roles }) });
    const serve = async (more: object) => {
      const asked = { name: 'A server', include: [{ gateway: gateway.id }], ...more };
      const view = await harness.admin.ask<ServerView>('POST', '/servers', asked);
      await servedBy(proxy.url, view.slug, (await issue()).key);
      return view;
    };
    const toolsFor = async (slug: string, key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      const { body } = await legacy(`${proxy.url}/servers/${slug}/mcp`, 'tools/list', {}, headers);
      return body.result.tools.map(({ name }) => name);
    };

    it('show a caller what its key’s roles allow, as soon as they change', async () => {
      verifies('grants.listed-is-callable');
      const items = [{ gateway: gateway.slug, kind: 'tool', name: 'called_harmless', readOnly: true }];
      const { slug, grants } = await serve({
        items,
        grants: [
          { role: '*', readOnly: true },
          { role: 'eng', gateways: [gateway.slug], names: ['w*'] },
        ],
      });
      expect(grants).toEqual([
        { role: '*', readOnly: true },
        { role: 'eng', gateways: [gateway.slug], names: ['w*'] },
      ]);
      const { id, key, roles } = await issue(['eng', 'ops']);
      expect(roles).toEqual(['eng', 'ops']);
      const all = ['called_harmless', 'read', 'write'];
      await eventually(async () => expect(await toolsFor(slug, key)).toEqual(all));
      expect(await harness.admin.ask('PATCH', `/keys/${id}`, { roles: [] })).toMatchObject({ id, roles: [] });
      await eventually(async () => expect(await toolsFor(slug, key)).toEqual(['called_harmless', 'read']));
      await harness.admin.ask('PATCH', `/gateways/${gateway.slug}`, { trustHints: false });
      await eventually(async () => expect(await toolsFor(slug, key)).toEqual(['called_harmless']));
      await harness.admin.ask('PATCH', `/gateways/${gateway.slug}`, { trustHints: true });
      await harness.admin.ask('PATCH', `/servers/${slug}`, { grants: [] });
      await eventually(async () => expect(await toolsFor(slug, key)).toEqual([]));
      await harness.admin.ask('PATCH', `/servers/${slug}`, { grants: null });
      await eventually(async () => expect(await toolsFor(slug, key)).toEqual(all));
      expect(await harness.manifest(slug)).not.toHaveProperty('grants');
    });

    it('can be read, and sent back as they were read', async () => {
      const limits = {
        caller: { calls: 60, seconds: 60, burst: 5, concurrent: 2 },
        tools: [{ names: ['w*'], caller: { calls: 1, seconds: 10 } }],
      };
      const { slug } = await serve({ limits, grants: [{ role: 'a', kinds: ['tool'], gateways: [gateway.id] }] });
      const read = await harness.admin.ask<ServerView>('GET', `/servers/${slug}`);
      expect(read).toMatchObject({ limits, grants: [{ role: 'a', kinds: ['tool'], gateways: [gateway.slug] }] });
      expect(await harness.manifest(slug)).toMatchObject({ limits, grants: [{ gateways: [gateway.slug] }] });
      await harness.admin.ask('PATCH', `/servers/${slug}`, { limits: read.limits, grants: read.grants });
      expect(await harness.admin.ask('GET', `/servers/${slug}`)).toMatchObject({
        ...{ limits, grants: read.grants },
      });
      expect(await harness.admin.ask('PATCH', `/servers/${slug}`, { limits: null })).toMatchObject({ limits: null });
      const breaker = { failures: 3, openSeconds: 1 };
      const changed = await harness.admin.ask('PATCH', `/gateways/${gateway.slug}`, { limits: { breaker } });
      expect(changed).toMatchObject({ limits: { breaker } });
      await eventually(async () =>
        expect((await harness.manifest(slug))?.gateways).toMatchObject([{ trustHints: true, limits: { breaker } }]),
      );
      await harness.admin.ask('PATCH', `/gateways/${gateway.slug}`, { limits: null });
    });

    it('are made by the lethe command', async () => {
      const from = ['--from', gateway.slug, '--json'];
      const served = await harness.lethe([
        'serve',
        'By hand',
        ...from,
        '--grant',
        'everyone=read-only',
        '--grant',
        'eng=*',
      ]);
      expect(served.code, served.err).toBe(0);
      expect(served.err).toContain('lethe key by-hand --role <role>');
      const own: { key: string; server: ServerView } = JSON.parse(served.out);
      expect(own.server.grants).toEqual([{ role: '*', readOnly: true }, { role: 'eng' }]);
      const made = await harness.lethe(['key', 'by-hand', '--json', '--role', 'eng', '--role', 'ops']);
      const { key }: { key: string } = JSON.parse(made.out);
      await eventually(async () =>
        expect(await toolsFor('by-hand', key)).toEqual(['read', 'write', 'called_harmless']),
      );
      expect(await toolsFor('by-hand', own.key)).toEqual(['read']);
      const mixed = await harness.lethe(['serve', 'by-hand', '--add', '--from', gateway.slug, '--grant', 'a=*']);
      expect(mixed).toMatchObject({ code: 2, err: expect.stringContaining('--add changes only') });
    });

    it('are refused while a proxy lives that would ignore them', async () => {
      const { slug } = await serve({});
      const host = 'an-old-host';
      const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
      const note = (more: object) =>
        bus
          .get(NoticePublisher)
          .publish(RoutesApplied, Object.assign(new RoutesApplied(), { proxy: `${host}/1`, applied: [], ...more }));
      const ask = () => harness.admin.request('PATCH', `/servers/${slug}`, { grants: [{ role: 'a' }] });
      await note({});
      await eventually(async () =>
        expect(await ask()).toMatchObject({ status: 409, body: { code: 'proxies_outdated', proxies: [host] } }),
      );
      expect((await harness.admin.request('PATCH', `/servers/${slug}`, { name: 'renamed' })).status).toBe(200);
      await note({ isLeaving: true });
      await eventually(async () => expect((await ask()).status).toBe(200));
      await bus.close();
    });

    it('are refused where they can not be meant', async () => {
      const roles = Array.from({ length: 32 }, (_, n) => ({ role: `r${n}` }));
      const ask = (body: object) => harness.admin.request('POST', '/servers', { name: 'x', ...body });
      expect(await ask({ grants: roles })).toMatchObject({ status: 400, body: { code: 'too_many_roles', max: 31 } });
      expect((await ask({ grants: [...roles.slice(1), { role: '*' }] })).status).toBe(201);
      const unknown = await ask({ grants: [{ role: 'a', gateways: ['nobody'] }] });
      expect(unknown.body).toMatchObject({ errors: [{ field: 'grants', rule: 'gateway_unknown' }] });
      const wrong = [
        ...[{ grants: [{}] }, { grants: [{ role: 'a b' }] }, { grants: [{ role: 'a', kinds: ['x'] }] }, { grants: {} }],
        ...[{ grants: [{ role: 'a', readOnly: false }] }, { grants: [{ role: 'a', names: ['*'.repeat(9)] }] }],
        ...[{ grants: [{ role: 'a', deny: true }] }, { grants: Array.from({ length: 65 }, () => ({ role: 'a' })) }],
        ...[{ limits: { caller: { calls: 0, seconds: 1 } } }, { limits: { caller: { calls: 1 } } }],
        ...[
          { limits: { tools: [{ names: [], caller: { calls: 1, seconds: 1 } }] } },
          { limits: { tools: [{ names: ['a'] }] } },
        ],
      ];
      for (const body of wrong)
        expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      const keys = [{ roles: ['*'] }, { roles: ['a', 'a'] }, { roles: [''] }, { roles: 'a' }];
      for (const body of keys) {
        const asked = await harness.admin.request('POST', '/keys', { name: 'x', servers: '*', ...body });
        expect(asked).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      }
      expect((await harness.admin.request('PATCH', `/keys/${'0'.repeat(16)}`, { roles: [] })).status).toBe(404);
      for (const limits of [{ concurrent: 0 }, { breaker: { failures: 1 } }, { other: 1 }]) {
        expect((await harness.admin.request('PATCH', `/gateways/${gateway.slug}`, { limits })).status).toBe(400);
      }
    });
  });
}
