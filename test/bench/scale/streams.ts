import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { BUCKETS } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { loadTrust } from '@lethe/sealing';
import { MODERN_FACTS, PublishedRoutes, tool } from '../../support/published-routes.js';
import { startsAsProxy } from '../proxy-start.js';
import { type Child, startChild } from './child.js';
import type { Entry } from './fleet.js';
import type { Memory } from './memory.js';
import type { Measure } from './report.js';
import { startWorld, type World } from './world.js';

const PART = 'streams';
const MOST_KIB = 64;
/** Beside what the system's own socket buffers hold. */
const MOST_GROWTH_MIB = 8;
/** Upstreams of their own: a proxy opens no more than some two thousand connections to one. */
const UPSTREAMS = 4;
const WARM = 100;
const FLOOD_BYTES = 200 * 1024 * 1024;
const STALLED_MS = 3_000;

interface Scene {
  readonly proxy: Child;
  readonly clients: Child;
  readonly upstream: Child;
  readonly urls: Record<'session' | 'listen', string[]>;
}

/** What an open stream costs a proxy, and what a client that does not read does; each with a proxy that did nothing before. */
export async function measureStreams(isQuick: boolean): Promise<Measure[]> {
  const world = await startWorld({ servers: 1, gateways: 1, toolsPerGateway: 1 });
  const upstream = startChild('stream-upstream', [String(UPSTREAMS)]);
  const upstreamUrls = await upstream.ask<string[]>('urls');
  const inScene = async <T>(measure: (scene: Scene) => Promise<T>): Promise<T> => {
    const scene = await start(world, upstream, upstreamUrls);
    try {
      return await measure(scene);
    } finally {
      await Promise.all([scene.clients.stop(), scene.proxy.stop()]);
    }
  };
  try {
    await publishTo(world, upstreamUrls);
    const measures: Measure[] = [];
    for (const kind of ['session', 'listen'] as const) {
      for (const count of isQuick ? [10, 500] : [10, 500, 5_000]) {
        measures.push(await inScene((scene) => perStream(scene, kind, count)));
      }
    }
    for (const kind of ['events', 'json'] as const) {
      measures.push(...(await inScene((scene) => slowReader(scene, kind))));
    }
    return measures;
  } finally {
    await upstream.stop();
    await world.close();
  }
}

/** For each upstream one server of each kind. */
async function publishTo(world: World, upstreamUrls: readonly string[]): Promise<void> {
  const broker = new MemoryBroker();
  const routes = new PublishedRoutes(broker, await loadTrust(world.trustDir));
  const capabilities = { tools: { listChanged: true } };
  for (const [n, url] of upstreamUrls.entries()) {
    const gateway = { slug: `g${n}`, url, items: [tool('pour')], mappings: [] };
    const modern = { ...MODERN_FACTS, capabilities };
    const legacy = { sessionful: true, capabilities };
    await routes.publish({ slug: `session-${n}`, gateways: [{ ...gateway, facts: legacy }] });
    await routes.publish({ slug: `listen-${n}`, gateways: [{ ...gateway, facts: modern }] });
  }
  for (const bucket of [BUCKETS.blocks, BUCKETS.servers]) {
    const { values } = broker.snapshots.open(bucket, () => undefined);
    await world.put(values.map(({ key, value }): Entry => [bucket, key, value ?? '']));
  }
}

async function start(world: World, upstream: Child, upstreamUrls: readonly string[]): Promise<Scene> {
  const proxy = startChild('proxy', [], startsAsProxy('--expose-gc'));
  const given = { trustDir: world.trustDir, home: world.home('proxy'), natsUrl: world.natsUrl };
  const { url } = await proxy.ask<{ url: string }>('start', given);
  const urlsOf = (kind: string) => upstreamUrls.map((_, n) => `${url}/servers/${kind}-${n}/mcp`);
  const urls = { session: urlsOf('session'), listen: urlsOf('listen') };
  return { proxy, upstream, urls, clients: startChild('stream-clients') };
}

async function perStream(
  { proxy, clients, upstream, urls }: Scene,
  kind: 'session' | 'listen',
  count: number,
): Promise<Measure> {
  const open = (each: number) =>
    Promise.all(urls[kind].map((url) => clients.ask('open', { url, kind, count: Math.ceil(each / UPSTREAMS) })));
  const what = kind === 'session' ? 'GET streams of legacy sessions' : 'modern subscriptions/listen';
  if ((await openFilesLimit()) < 2 * count + 500) throw new Error(`ulimit -n is too low for ${count} streams`);
  await open(WARM);
  const before = await proxy.ask<Memory>('memory');
  await open(count);
  const after = await proxy.ask<Memory>('memory');
  const heard = await upstream.ask<number>('open');
  if (heard < count + WARM) throw new Error(`${heard} of ${count + WARM} streams reach an upstream`);
  await clients.ask('leave');
  while ((await upstream.ask<number>('open')) > 0) await pause(100);
  const value = ((after.rssMiB - before.rssMiB) * 1024) / count;
  return { part: PART, name: `${count} ${what}: memory for each`, value, unit: 'KiB', ...budgetOf(count) };
}

/** The budget is of five thousand; of a few hundred the growth of any process that begins to work is the larger part. */
function budgetOf(count: number): { most?: number } {
  return count >= 5_000 ? { most: MOST_KIB } : {};
}

async function slowReader({ proxy, clients, upstream, urls }: Scene, kind: 'events' | 'json'): Promise<Measure[]> {
  const stall = async (): Promise<void> => {
    await clients.ask('callUnread', { url: urls.session[0], kind, bytes: FLOOD_BYTES });
    await pause(STALLED_MS);
  };
  // The first makes the process grow to what it needs for any; the second one is what another slow reader costs.
  await stall();
  const before = await proxy.ask<Memory>('memory');
  await stall();
  const after = await proxy.ask<Memory>('memory');
  const { sent } = await upstream.ask<{ sent: number }>('flood');
  await clients.ask('leave');
  const what = `200 MiB of ${kind} that nobody reads`;
  return [
    {
      part: PART,
      name: `${what}: growth of the proxy`,
      value: after.rssMiB - before.rssMiB,
      unit: 'MiB',
      most: MOST_GROWTH_MIB,
    },
    { part: PART, name: `${what}: sent before the upstream was held back`, value: sent / 1024 / 1024, unit: 'MiB' },
  ];
}

async function openFilesLimit(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
}
