import { randomUUID } from 'node:crypto';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readKept } from '@lethe/sealing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import type { Admin } from '../support/admin.js';
import { eventually } from '../support/eventually.js';
import type { Replica } from '../support/faults/replica.js';
import { startWorld, type World } from '../support/faults/world.js';
import { type ServiceKeyUpstream, startServiceKeyUpstream } from '../support/kept/service-key-upstream.js';
import { callKept, type SteadyLoad, startSteadyLoad } from '../support/kept/steady-load.js';
import { TrustFolders } from '../support/kept/trust-folders.js';
import { countCopiesInFiles } from '../support/memory-scan.js';
import { makeHome, removeHome, until } from '../support/processes.js';
import { realPartsAvailable } from '../support/real-parts.js';

/** Calls while credential and keys are replaced: `KEPT_CALLS=10000` measures it as the promise is meant. */
const CALLS = Number(process.env['KEPT_CALLS'] ?? 300);
/** What was ended is used by no replica after so long. */
const GONE_WITHIN_MS = 2_000;
const [SHORT_SECONDS, DAY_SECONDS] = [5, 86_400];
const WAIT = { prefer: 'wait=15' };

/** A gateway with a kept credential. */
interface Keeping {
  id: string;
  upstream: ServiceKeyUpstream;
  /** The kept credential, or that of the registration. */
  token: string;
}

/** A virtual server, and a key of it that was granted the kept credential. */
interface Served {
  slug: string;
  keyId: string;
  key: string;
}

describe.runIf(realPartsAvailable())('credentials that are kept, at three proxies over a bus and a database', () => {
  const tokens: string[] = [];
  let home: string;
  let trust: TrustFolders;
  let world: World;
  let admin: Admin;
  let weather: Keeping;
  let robot: Keeping;
  let load: SteadyLoad | undefined;

  beforeAll(async () => {
    home = await makeHome();
    trust = await TrustFolders.make(home);
    world = await startWorld({
      ...{ nats: 1, registries: 1, connectors: 1, proxies: 3 },
      env: { LETHE_KEPT_CREDENTIALS: 'on', LETHE_DRAIN_SECONDS: '1' },
      envOf: (name) => ({ LETHE_TRUST: trust.ofReplica(name) }),
    });
    admin = await world.admin();
    [weather, robot] = [await register('weather'), await register('robot')];
  });
  afterAll(async () => {
    await load?.stop();
    // One that was killed would leave its files.
    if (world && !(await world.postgres.isRunning())) await world.postgres.restart();
    await world?.stop();
    await Promise.all([weather, robot].map((each) => each?.upstream.close()));
    await removeHome(home);
  });

  const newToken = (): string => {
    const token = `kept_${randomUUID()}`;
    tokens.push(token);
    return token;
  };
  const register = async (name: string): Promise<Keeping> => {
    const [upstream, token] = [await startServiceKeyUpstream(), newToken()];
    upstream.accept(token);
    const { id, verification } = await admin.register({ name, url: upstream.url }, token);
    expect(verification.state).toBe('verified');
    return { id, upstream, token };
  };
  /** Changes something; every proxy has it when this resolves. */
  const change = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { status, headers } = await admin.request(method, path, body, WAIT);
    expect([status < 300, headers.get('preference-applied')]).toEqual([true, 'wait=15']);
  };
  /** Keeps another credential, which the upstream takes beside the one before, and soon alone. @returns the ciphertext */
  const keep = async (gateway: Keeping, seconds = DAY_SECONDS): Promise<string> => {
    const token = newToken();
    gateway.upstream.accept(gateway.token, token);
    const sealed = await admin.sealKept(gateway.id, { scheme: 'bearer', token }, seconds / DAY_SECONDS);
    await change('PUT', `/gateways/${gateway.id}/kept-credential`, sealed);
    await load?.begunAreOver();
    gateway.upstream.accept(token);
    gateway.token = token;
    return sealed;
  };
  const serve = async (slug: string, gateway: 'weather' | 'robot'): Promise<Served> => {
    await admin.ask('POST', '/servers', {
      ...{ name: slug, slug, access: 'key', eras: 'both', include: [{ gateway }], limits: {} },
      ...{ grants: [{ role: 'eng', gateways: [gateway] }], credentials: [{ gateway, use: 'kept' }] },
    });
    const body = { name: slug, servers: [slug], roles: ['eng'] };
    const { id: keyId, key } = await admin.ask<{ id: string; key: string }>('POST', '/keys', body);
    const served = { slug, keyId, key };
    await eventually(async () => expect(await callEach(served)).toEqual(['done', 'done', 'done']));
    return served;
  };
  const urls = (): string[] => world.proxies.map(({ url }) => url);
  const pathOf = ({ slug }: Served): string => `/servers/${slug}/mcp`;
  const callEach = (served: Served, at = urls()): Promise<string[]> =>
    Promise.all(at.map((url) => callKept({ endpoint: url + pathOf(served), key: served.key, mark: served.slug })));
  const callSteadily = (served: Served, clients: number): SteadyLoad =>
    startSteadyLoad(urls(), { path: pathOf(served), key: served.key, mark: served.slug, clients });
  const ready = (replica: Replica): Promise<true> =>
    until(`${replica.name} to be ready`, async () => (await replica.isReady()) || undefined, 60_000);
  /** As an orchestrator does: the balancer notices that it drains, and sends it calls again when it is ready. */
  const restart = async (replica: Replica): Promise<void> => {
    const ended = replica.process.stop();
    await until('its drain', async () => !(await replica.isReady()) || undefined);
    load?.setProxies(urls().filter((url) => url !== replica.url));
    await ended;
    expect(replica.process.exitCode()).toBe(0);
    await replica.start();
    await ready(replica);
    load?.setProxies(urls());
  };

  it('are replaced again and again, and so is the key of the proxies, without a failed call', async () => {
    verifies('kept.replaced');
    const former = readKept(await keep(weather)).kid;
    load = callSteadily(await serve('steady', 'weather'), 6);
    do await keep(weather);
    while (load.made() < CALLS / 2);

    const files = await trust.rotateKept();
    // Proxies first: they can't open what is sealed to a key that they do not have.
    await trust.hand('proxy', files);
    for (const proxy of world.proxies) await restart(proxy);
    expect(readKept(await keep(weather)).kid).toBe(former);
    await trust.hand('registry', files);
    for (const registry of world.registries) await restart(registry);
    expect(readKept(await keep(weather)).kid).not.toBe(former);

    while (load.made() < CALLS) await keep(weather);
    expect(load.failed).toEqual([]);
  }, 600_000);

  it('are used by no replica two seconds after a key, a grant, their use or they themselves were taken away', async () => {
    verifies('kept.taken-away');
    verifies('kept.forgotten');
    verifies('kept.ends');
    /** Calls all the time, and asks for an end. @param end resolves with the time of it */
    const endsWith = async (served: Served, end: () => Promise<number>): Promise<void> => {
      const calls = callSteadily(served, 3);
      const endedAt = await end();
      await eventually(async () => expect(await callEach(served)).not.toContain('done'), GONE_WITHIN_MS);
      const usedAt = robot.upstream.lastAt(served.slug) ?? 0;
      await calls.until(calls.made() + 60);
      await calls.stop();
      expect(robot.upstream.lastAt(served.slug)).toBe(usedAt);
      expect(usedAt - endedAt).toBeLessThan(GONE_WITHIN_MS);
    };
    const accepted = (method: string, path: string, body?: object): Promise<number> =>
      admin.ask(method, path, body).then(() => Date.now());
    await keep(robot);
    const [byKey, byGrant, byUse, itself] = [await serve('by-key', 'robot'), await serve('by-grant', 'robot'), await serve('by-use', 'robot'), await serve('itself', 'robot')]; // prettier-ignore
    await Promise.all([
      endsWith(byKey, () => accepted('DELETE', `/keys/${byKey.keyId}`)),
      endsWith(byGrant, () => accepted('PATCH', '/servers/by-grant', { grants: [{ role: 'eng' }] })),
      endsWith(byUse, () => accepted('PATCH', '/servers/by-use', { credentials: [{ gateway: 'robot', use: 'callers' }] })), // prettier-ignore
    ]);
    await endsWith(itself, async () => {
      const { exp } = readKept(await keep(robot, SHORT_SECONDS));
      await until('its end', () => Date.now() >= exp * 1_000 || undefined);
      return exp * 1_000;
    });
    await keep(robot);
    await eventually(async () => expect(await callEach(itself)).toEqual(['done', 'done', 'done']));
    await endsWith(itself, () => accepted('DELETE', `/gateways/${robot.id}/kept-credential`));
    await load?.stop();
    expect(load?.failed).toEqual([]);
    load = undefined;
  });

  it('are served by a proxy that starts while all else is down, from ciphertext, and no older bus undoes a deletion', async () => {
    verifies('kept.alone');
    verifies('kept.ciphertext-only');
    verifies('kept.forgotten');
    for (const gateway of [weather, robot]) await keep(gateway);
    const [stays, goes] = [await serve('stays', 'weather'), await serve('goes', 'robot')];
    const onlyOne = async (at: string[]): Promise<void> => {
      expect(await callEach(goes, at)).not.toContain('done');
      expect(await callEach(stays, at)).toEqual(at.map(() => 'done'));
    };
    const [[nats], [proxy]] = [world.nats.servers, world.proxies];
    const older = join(home, 'older-bus');
    await nats!.kill();
    await cp(nats!.storeDir, older, { recursive: true });
    await nats!.restart();
    const file = join(proxy!.home, `routes-${new URL(proxy!.url).port}.json`);
    await until('its file', async () => (await readFile(file, 'utf8')).includes(goes.keyId) || undefined);
    await change('DELETE', `/gateways/${robot.id}/kept-credential`);
    // At once: a proxy that was told about has no time to write anything any more.
    await proxy!.kill();
    await Promise.all([...world.registries, ...world.connectors].map((replica) => replica.kill()));
    world.postgres.signal('SIGKILL');
    await nats!.kill();
    await proxy!.start();
    await ready(proxy!);
    await onlyOne(urls());
    for (const token of tokens) expect(countCopiesInFiles(proxy!.home, Buffer.from(token))).toBe(0);

    await rm(nats!.storeDir, { recursive: true });
    await cp(older, nats!.storeDir, { recursive: true });
    await nats!.restart();
    await eventually(async () => {
      const metrics = await (await fetch(`${proxy!.url}/metrics`)).text();
      expect(metrics).toMatch(/lethe_proxy_routes_refused_total\{bucket="lethe-kept"\} [1-9]/);
    }, 30_000);
    await onlyOne(urls());
  });
});
