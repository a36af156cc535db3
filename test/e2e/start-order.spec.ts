import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { callEcho } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { openServerOver } from '../support/open-server.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type LaunchedService, type SeparateParts, type Service, startSeparateParts } from '../support/separate.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

type Part = Service | 'nats';
const PARTS: Part[] = ['registry', 'connector', 'proxy', 'nats'];

const orderings = <T>(parts: T[]): T[][] =>
  parts.length === 0
    ? [[]]
    : parts.flatMap((part) => orderings(parts.filter((other) => other !== part)).map((rest) => [part, ...rest]));

/** Each part in each place, and each two in both orders. `START_ORDERS=all` tries all 24 (`npm run lab:start-orders`). */
const COVERING: Part[][] = [
  ['registry', 'connector', 'proxy', 'nats'],
  ['nats', 'proxy', 'connector', 'registry'],
  ['connector', 'nats', 'registry', 'proxy'],
  ['proxy', 'registry', 'nats', 'connector'],
];
const ORDERS = process.env['START_ORDERS'] === 'all' ? orderings(PARTS) : COVERING;
const AT_ONCE = 4;

/** Every part comes when those before it have failed so many times for want of it. */
const FAILURES = 3;
const RETRY_LIMIT_PER_SECOND = 2;
/** Of a proxy that waits 0.5, 1, 2, 4 s and so on. */
const MOST_FAILURES = 12;

/** One deployment whose parts start one after another. */
class Deployment {
  readonly services = new Map<Service, LaunchedService>();
  private busIsThere = false;

  private constructor(private readonly parts: SeparateParts) {}

  static async create(): Promise<Deployment> {
    const parts = await startSeparateParts({ isRelayed: true, env: { LETHE_SLOTS: '1' } });
    parts.relays.nats.cut();
    parts.relays.database.cut();
    return new Deployment(parts);
  }

  async add(part: Part): Promise<void> {
    if (part === 'nats') {
      this.parts.relays.nats.restore();
      this.busIsThere = true;
    } else this.services.set(part, await this.parts.launch(part));
    if (part === 'registry') await this.addDatabase();
    await this.failAgain();
  }

  /** PostgreSQL is later than the registry, too. */
  private async addDatabase(): Promise<void> {
    const { database } = this.parts.relays;
    await eventually(() => expect(database.refused).toBeGreaterThanOrEqual(FAILURES), 20_000);
    database.restore();
  }

  /** Waits until the services that have started have failed several times more, and counts that they do not hurry. */
  private async failAgain(): Promise<void> {
    const { size } = this.services;
    const { nats } = this.parts.relays;
    if (size > 0 && !this.busIsThere) {
      const [before, since] = [nats.refused, performance.now()];
      await eventually(() => expect(nats.refused - before).toBeGreaterThanOrEqual(FAILURES * size), 20_000);
      const perSecond = (nats.refused - before - size) / size / ((performance.now() - since) / 1_000);
      expect(perSecond).toBeLessThan(RETRY_LIMIT_PER_SECOND);
    }
    if (this.busIsThere && this.services.has('proxy') && !this.services.has('registry')) await this.routesAreMissed();
  }

  /** Its waits become longer each time, so that all of its failures count. */
  private async routesAreMissed(): Promise<void> {
    const proxy = this.services.get('proxy')!.process;
    const failures = async (): Promise<number> => (await proxy.log()).split('Routes can not be fetched').length - 1;
    await eventually(async () => expect(await failures()).toBeGreaterThanOrEqual(FAILURES), 20_000);
    expect(await failures()).toBeLessThan(MOST_FAILURES);
  }

  async isWhole(): Promise<void> {
    const urls = await Promise.all([...this.services.values()].map(({ listening }) => listening()));
    await eventually(async () => {
      const states = await Promise.all(urls.map(async (url) => (await fetch(`${url}/readyz`)).status));
      expect(states).toEqual([200, 200, 200]);
    }, 20_000);
  }

  async callGoesThrough(upstreamUrl: string): Promise<void> {
    const registry = this.services.get('registry')!;
    const token = (await readFile(join(registry.home, 'admin-token'), 'utf8')).trim();
    const admin = new Admin(await registry.listening(), token);
    const proxyUrl = await this.services.get('proxy')!.listening();
    expect(await callEcho(await openServerOver({ admin, proxyUrl }, 'Echo', upstreamUrl), {})).toContain('hello');
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map(({ process }) => process.stop()));
    await this.parts.close();
  }
}

describe.runIf(realPartsAvailable())('services that start in any order', () => {
  const deployments: Deployment[] = [];
  let upstream: Upstream | undefined;

  afterEach(async () => {
    await Promise.all(deployments.splice(0).map((deployment) => deployment.close()));
    await upstream?.close();
  });

  async function startIn(order: Part[], upstreamUrl: string): Promise<void> {
    const deployment = await Deployment.create();
    deployments.push(deployment);
    try {
      for (const part of order) await deployment.add(part);
      await deployment.isWhole();
      await deployment.callGoesThrough(upstreamUrl);
    } catch (error) {
      throw new Error(order.join(', '), { cause: error });
    }
  }

  it(
    'are all ready soon after the last one, though each was late and nothing was ever published',
    async () => {
      verifies('start.any-order');
      const { url } = (upstream = await startModernUpstream({ name: 'echo' }));
      for (let at = 0; at < ORDERS.length; at += AT_ONCE) {
        await Promise.all(ORDERS.slice(at, at + AT_ONCE).map((order) => startIn(order, url)));
        await Promise.all(deployments.splice(0).map((deployment) => deployment.close()));
      }
    },
    ORDERS.length * 45_000,
  );
});
