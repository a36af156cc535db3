import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKETS, FetchRoutes, RoutesDigest } from '@lethe/contracts';
import { MemoryBroker, MessagingModule, NoticePublisher, Responds, connectResponders } from '@lethe/messaging';
import { readSettings } from '@lethe/platform';
import { routesHash } from '@lethe/sealing';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { beforeEach, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { PublishedRoutes, tool } from '../support/published-routes.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modernRequest } from '../support/proxy/rpc.js';
import type { Upstream } from '../support/upstreams/index.js';

describeProxies('the routes of a proxy', 1, ({ proxies, keep, startUpstream }) => {
  let upstream: Upstream;
  let thief: Upstream;
  /** Of the virtual server of this test. */
  let slug: string;
  let tests = 0;

  beforeEach(async () => {
    slug = `s${++tests}`;
    upstream = await startUpstream(({ reply }) => reply({ content: [] }));
    thief = await startUpstream(({ reply }) => reply({ content: [] }));
  });

  const endpoint = (base = proxies.url): string => `${base}/servers/${slug}/mcp`;
  const gateway = () => ({ slug: 'g', url: upstream.url, items: [tool('echo')] });
  const publish = (more: object = {}) => proxies.routes.publish({ slug, gateways: [gateway()], ...more });
  const call = (base?: string) =>
    legacy(endpoint(base), 'tools/call', { name: 'echo' }, { 'x-upstream-g-authorization': 'Bearer CANARY' });
  const serves = (base?: string) => eventually(async () => expect((await call(base)).body.result).toBeDefined());

  it('send no credential to a URL that no receipt covers', async () => {
    verifies('tamper.bus');
    await publish({ gateways: [{ ...gateway(), url: thief.url, receiptSays: { url: upstream.url } }] });
    await eventually(async () =>
      expect((await call()).body.error.data).toMatchObject({ reason: 'gateway_unavailable', why: 'not_covered' }),
    );
    expect(thief.received).toEqual([]);
  });

  it('ignore a manifest that the registry did not sign, an older one, and an unsigned deletion', async () => {
    verifies('tamper.bus');
    const old = await proxies.routes.manifest({ slug, gateways: [{ ...gateway(), url: thief.url }] });
    const oldJws = await proxies.routes.sign(old);
    const current = await publish();
    await serves();
    const stolen = { ...current, revision: 99, gateways: current.gateways.map((g) => ({ ...g, url: thief.url })) };
    const byConnector = await proxies.trust.connectorSigner().sign('manifest', stolen, new Date());
    const [head, , signature] = (await proxies.routes.sign(current)).split('.');
    const swapped = `${head}.${Buffer.from(JSON.stringify(stolen)).toString('base64url')}.${signature}`;
    for (const jws of [oldJws, byConnector, swapped, '', 'x']) proxies.routes.putManifest(slug, jws);
    await publish({ slug: 'marker' });
    await eventually(async () => expect((await fetch(`${proxies.url}/servers/marker/mcp`)).status).toBe(405));
    expect((await call()).body.result).toBeDefined();
    expect(thief.received).toEqual([]);
    await publish({ state: 'deleted', gateways: [] });
    await eventually(async () => expect((await call()).status).toBe(401));
  });

  it('change without a restart', async () => {
    await publish();
    await serves();
    await publish({ gateways: [{ ...gateway(), enabled: false }] });
    await eventually(async () => expect((await call()).body.error.data.why).toBe('disabled'));
  });

  it('list no item of a gateway that can not be called, announce that, and list it again', async () => {
    verifies('gateway.off-not-listed');
    const other = { slug: 'h', url: thief.url, items: [tool('other')] };
    const listed = async (): Promise<string[]> =>
      (await legacy(endpoint(), 'tools/list')).body.result.tools.map(({ name }: { name: string }) => name);
    const id = randomUUID();
    await publish({ id, gateways: [gateway(), other] });
    await eventually(async () => expect(await listed()).toEqual(['echo', 'other']));
    const session = await begin(endpoint());
    /** Publishes these gateways, and waits until clients of both eras that listen have heard of it. */
    const change = async (...gateways: object[]): Promise<void> => {
      const wanted = { notifications: { toolsListChanged: true } };
      const streams = [
        await listen(endpoint(), session),
        await openStream(endpoint(), modernRequest('subscriptions/listen', wanted)),
      ];
      // The acknowledgement of the modern one.
      await streams[1]?.message();
      await publish({ id, gateways });
      for (const stream of streams) {
        expect((await stream.message()).body['method']).toBe('notifications/tools/list_changed');
        stream.close();
      }
    };
    await change({ ...gateway(), enabled: false }, other);
    expect(await listed()).toEqual(['other']);
    expect((await call()).body.error.data).toMatchObject({ reason: 'gateway_unavailable', why: 'disabled' });
    await change(gateway(), { ...other, receiptSays: { url: upstream.url } });
    expect(await listed()).toEqual(['echo']);
    await change(gateway(), other);
    expect(await listed()).toEqual(['echo', 'other']);
  });

  it('refuse callers of a virtual server that is switched off, with 503, and its sessions go on later', async () => {
    verifies('server.off');
    const id = randomUUID();
    const key = await proxies.routes.key([id]);
    const headers = { authorization: `Bearer ${key}` };
    const ask = (more: Record<string, string> = headers) => legacy(endpoint(), 'tools/list', {}, more);
    await publish({ id, access: 'key' });
    await eventually(async () => expect((await ask()).status).toBe(200));
    const session = await begin(endpoint(), headers);
    const stream = await listen(endpoint(), session);
    await publish({ id, access: 'key', enabled: false });
    await stream.ended();
    await eventually(async () => expect((await ask()).status).toBe(503));
    expect((await ask(session)).body.error).toMatchObject({
      code: 1211,
      data: { reason: 'server_disabled' },
    });
    // Whoever may not call it is told nothing of it.
    expect((await ask({})).status).toBe(401);
    await publish({ id, access: 'key' });
    await eventually(async () => expect((await ask(session)).status).toBe(200));
  });

  it('survive a restart without bus and registry, from a file that holds no secret', async () => {
    const key = await proxies.routes.key('*');
    await publish({ access: 'key' });
    const withKey = (base: string) =>
      legacy(endpoint(base), 'tools/call', { name: 'echo' }, { authorization: `Bearer ${key}` });
    await eventually(async () => expect((await withKey(proxies.url)).status).toBe(200));
    const first = await proxies.start();
    await first.close();
    const file = await readFile(join(proxies.home, 'routes-proxy.json'), 'utf8');
    expect(file).not.toContain(key.split('_')[3]);
    const alone = keep(await proxies.start({}, new MemoryBroker()));
    expect((await fetch(`${alone.url}/readyz`)).status).toBe(200);
    expect((await withKey(alone.url)).body.result).toBeDefined();
  });

  it('come from a registry by request when the bus has lost them', async () => {
    const lost = new MemoryBroker();
    const routes = new PublishedRoutes(lost, proxies.trust);
    const late = keep(await proxies.start({ LETHE_HOME: join(proxies.home, 'late') }, lost));
    expect((await legacy(endpoint(late.url), 'ping')).status).toBe(401);
    const manifest = await routes.manifest({ slug, gateways: [gateway()] });
    const stored = new Map([[`${BUCKETS.servers} ${slug}`, await routes.sign(manifest)]]);
    for (const digest of [...manifest.names, ...manifest.gateways.flatMap(({ blocks }) => blocks)]) {
      stored.set(`${BUCKETS.blocks} ${digest}`, lost.snapshots.get(BUCKETS.blocks, digest) ?? '');
    }
    const registry = keep(await fakeRegistry(lost, stored));
    await registry.get(NoticePublisher).publish(RoutesDigest, {
      servers: 1,
      serversHash: routesHash([`${slug}:${manifest.revision}`]),
      callers: 0,
      callersHash: routesHash([]),
    });
    await serves(late.url);
  });
});

describeProxies('a proxy without a bus', 0, ({ proxies, keep }) => {
  it('serves from its file as soon as the bus had its time', async () => {
    const first = await proxies.start();
    await proxies.routes.publish({ slug: 's', gateways: [] });
    await eventually(async () => expect((await fetch(`${first.url}/servers/s/mcp`)).status).toBe(405));
    await first.close();
    const settings = readSettings({ LETHE_HOME: proxies.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'fatal' });
    // Nothing listens on port 1.
    const bus = { natsUrl: 'nats://127.0.0.1:1', service: 'proxy', timing: { startWaitMs: 50 } };
    const begunAt = performance.now();
    const proxy = keep(await startProxy({ settings, bus, trust: proxies.trust }));
    // A bus that is there, and then a registry, would have three seconds each.
    expect(performance.now() - begunAt).toBeLessThan(2_500);
    expect((await fetch(`${proxy.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${proxy.url}/servers/s/mcp`)).status).toBe(405);
  });
});

describeProxies('a proxy without routes', 0, ({ proxies, keep }) => {
  it('listens, is not ready and says so, until its end', async () => {
    const settings = readSettings({
      LETHE_HOME: join(proxies.home, 'fresh'),
      PROXY_PORT: '0',
      LETHE_LOG_LEVEL: 'fatal',
    });
    // Nothing listens on port 1: bus and registry are both away.
    const bus = { natsUrl: 'nats://127.0.0.1:1', service: 'proxy', timing: { startWaitMs: 50 } };
    const proxy = keep(await startProxy({ settings, bus, trust: proxies.trust }));
    expect((await fetch(`${proxy.url}/readyz`)).status).toBe(503);
    expect(await legacy(`${proxy.url}/servers/s/mcp`, 'ping')).toMatchObject({
      status: 503,
      body: { error: { data: { reason: 'not_ready' } } },
    });
  });
});

/** Answers `FetchRoutes` from a map of `bucket key`. */
async function fakeRegistry(broker: MemoryBroker, stored: Map<string, string>): Promise<INestApplication> {
  @Controller()
  class Routes {
    @Responds(FetchRoutes)
    fetch({ bucket, keys }: FetchRoutes) {
      const ofBucket = [...stored].filter(([name]) => name.startsWith(`${bucket} `));
      const entries = ofBucket.map(
        ([name, value]) => [name.slice(bucket.length + 1), value] satisfies [string, string],
      );
      return { entries: keys ? entries.filter(([key]) => keys.includes(key)) : entries };
    }
  }
  @Module({ imports: [MessagingModule.forRoot({ broker, service: 'registry' })], controllers: [Routes] })
  class FakeRegistry {}
  const app = await NestFactory.create(FakeRegistry, new FastifyAdapter(), { logger: false });
  connectResponders(app);
  await app.startAllMicroservices();
  await app.init();
  return app;
}
