import { mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, MemoryBroker, openBus } from '@lethe/messaging';
import { createLogger, Metrics } from '@lethe/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PublishedRoutes } from '@test/support/published-routes.js';
import { testTrust } from '@test/support/trust.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteTable } from './route-table.js';
import { RouteFile } from './route-file.js';
import { Routes } from './routes.js';

describe('Routes', () => {
  let dir: string;
  let bus: Bus;
  let published: PublishedRoutes;
  let made: (fromFile: Promise<boolean>) => Routes;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-routes-'));
    const trust = testTrust();
    const broker = new MemoryBroker();
    const logger = createLogger('proxy', 'silent');
    bus = openBus({ broker, service: 'proxy' }, logger, undefined);
    published = new PublishedRoutes(broker, trust);
    made = (fromFile) =>
      new Routes(
        new RouteTable(new ManifestVerifier(trust), { allowed: [] }),
        new RouteFile(join(dir, 'routes.json')),
        fromFile,
        bus.health,
        bus.snapshots,
        bus.requests,
        bus.notices,
        logger,
        new Metrics(),
      );
  });
  afterEach(async () => {
    await bus.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('applies nothing from the bus before the route file is loaded, whose high-water marks it must respect', async () => {
    await published.publish({ slug: 's', gateways: [] });
    let loaded: (hasFile: boolean) => void = () => undefined;
    const routes = made(new Promise((resolve) => (loaded = resolve)));
    const started = routes.start();
    // A bus in this process hands over all it has within a few turns.
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect([routes.table.isReady, routes.table.server('s')]).toEqual([false, undefined]);
    loaded(false);
    await started;
    expect([routes.table.isReady, routes.table.server('s')?.manifest.slug]).toEqual([true, 's']);
    await routes.stop();
  });

  it('says whether all is in the route file, and writes what could not be written as soon as it can', async () => {
    const path = join(dir, 'routes.json');
    const routes = made(Promise.resolve(false));
    await routes.start();
    await mkdir(path);
    const value = await published.publish({ slug: 's', gateways: [] }).then((manifest) => published.sign(manifest));
    await routes.table.applyManifest('s', value);
    expect(await routes.table.save()).toBe(false);
    await rmdir(path);
    expect(await routes.table.save()).toBe(true);
    expect(await readFile(path, 'utf8')).toContain(routes.table.storage.entry('lethe-servers', 's')?.[2]);
    await routes.stop();
  });
});
