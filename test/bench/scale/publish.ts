import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { realPartsAvailable } from '../../support/real-parts.js';
import { startSeparate } from '../../support/separate.js';
import { startsAsProxy } from '../proxy-start.js';
import { type Child, now, startChild } from './child.js';
import { type Measure, spread } from './report.js';
import { startWorld, type World } from './world.js';

const PART = 'publish';
const MOST_MS = 1_000;
const PROXIES = 2;
const LATE_MS = 30_000;

/** From a publication until every proxy serves it: of the bus alone, and of a whole registry. */
export async function measurePublish(isQuick: boolean): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const servers of isQuick ? [1_000] : [1_000, 10_000]) {
    const world = await startWorld({ servers, gateways: 1_000, toolsPerGateway: 100 });
    try {
      measures.push(...(await throughTheBus(world, isQuick ? 50 : 200)));
    } finally {
      await world.close();
    }
  }
  if (realPartsAvailable()) measures.push(...(await byTheRegistry(isQuick ? 20 : 200)));
  return measures;
}

/** Proxies that say when another state of a server serves. */
class Watchers {
  private readonly seen = new Map<string, { at: number[]; all: () => void }>();

  private constructor(private readonly proxies: readonly Child[]) {
    for (const proxy of proxies) {
      proxy.onReport((reported) => {
        const { slug, at } = reported as { slug: string; at: number };
        const watched = this.seen.get(slug);
        if (watched && watched.at.push(at) === this.proxies.length) watched.all();
      });
    }
  }

  static async start(
    given: { trustDir: string; natsUrl: string },
    homeOf: (name: string) => string,
  ): Promise<Watchers> {
    const proxies = Array.from({ length: PROXIES }, () => startChild('proxy', [], startsAsProxy()));
    const starts = proxies.map((proxy, n) =>
      proxy.ask('start', { ...given, home: homeOf(`watcher-${n}`), tellsChanges: true }),
    );
    await Promise.all(starts);
    return new Watchers(proxies);
  }

  /** When the last proxy served the next state of this server. */
  async next(slug: string): Promise<number> {
    const at: number[] = [];
    const all = new Promise<void>((resolve) => this.seen.set(slug, { at, all: resolve }));
    await Promise.race([
      all,
      pause(LATE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(`${slug} did not come`))),
    ]);
    this.seen.delete(slug);
    return Math.max(...at);
  }

  async stop(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
  }
}

async function throughTheBus(world: World, count: number): Promise<Measure[]> {
  const watchers = await Watchers.start(world, world.home);
  try {
    const tookMs: number[] = [];
    const { servers } = world.fleet.size;
    for (let n = 0; n < count; n += 1) {
      const server = (n * 7_919) % servers;
      const entries = await world.fleet.published(server, n + 1);
      const served = watchers.next(world.fleet.slugOf(server));
      const begun = now();
      await world.put(entries);
      tookMs.push((await served) - begun);
      await pause(20 * Math.random());
    }
    return spread(PART, `${servers} servers: from the bus to ${PROXIES} proxies`, 'ms', tookMs, MOST_MS);
  } finally {
    await watchers.stop();
  }
}

/** From the registry's answer, its outbox and relay included. */
async function byTheRegistry(count: number): Promise<Measure[]> {
  const upstream = startChild('upstream', ['20']);
  const lethe = await startSeparate({ proxies: 1, env: { LETHE_LOG_LEVEL: 'warn' } });
  const given = { trustDir: join(lethe.home, 'trust'), natsUrl: lethe.natsUrlOf('proxy') };
  const watchers = await Watchers.start(given, (name) => join(lethe.home, name));
  try {
    const { admin } = lethe;
    const url = await upstream.ask<string>('url');
    const gateway = await admin.register({ name: 'One', url }, 'a-token-of-the-benchmark');
    const slugs = Array.from({ length: count }, (_, n) => `server-${n}`);
    for (const slug of slugs) {
      const served = watchers.next(slug);
      await admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: gateway.slug }] });
      await served;
    }
    const tookMs: number[] = [];
    for (const slug of slugs) {
      const served = watchers.next(slug);
      const { headers } = await admin.request('GET', `/servers/${slug}`);
      const etag = headers.get('etag');
      await admin.ask(
        'PATCH',
        `/servers/${slug}`,
        { description: 'Another' },
        etag === null ? {} : { 'if-match': etag },
      );
      const answered = now();
      tookMs.push(Math.max(0, (await served) - answered));
    }
    return spread(PART, `registry with ${count} servers: from its answer to ${PROXIES} proxies`, 'ms', tookMs, MOST_MS);
  } finally {
    await watchers.stop();
    await lethe.stop();
    await upstream.stop();
  }
}
