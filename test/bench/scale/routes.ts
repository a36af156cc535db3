import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { type Child, now, startChild } from './child.js';
import type { FleetSize } from './fleet.js';
import type { Memory } from './memory.js';
import { type Measure, percentile } from './report.js';
import { startWorld, type World } from './world.js';

const PART = 'routes';
const MOST_READY_S = 10;
const MOST_MIB = 1_024;
/** Nobody listens there. */
const NO_BUS = 'nats://127.0.0.1:9';
const SIZES: FleetSize[] = [
  { servers: 10, gateways: 10, toolsPerGateway: 100 },
  { servers: 1_000, gateways: 1_000, toolsPerGateway: 100 },
  { servers: 10_000, gateways: 1_000, toolsPerGateway: 100 },
];
const RESOLVES = 1_000_000;

/** How a proxy starts and resolves with few and with many virtual servers. */
export async function measureRoutes(isQuick: boolean): Promise<Measure[]> {
  const measures: Measure[] = [];
  const further: number[] = [];
  for (const size of isQuick ? SIZES.slice(0, 2) : SIZES) {
    const world = await startWorld(size);
    try {
      const found = await measureSize(world, size);
      measures.push(...found.measures);
      further.push(found.furtherMicros);
    } finally {
      await world.close();
    }
  }
  const [fewest = Number.NaN] = further;
  const flat = (further.at(-1) ?? Number.NaN) / fewest;
  return [...measures, { part: PART, name: 'resolve, most servers / 10 servers', value: flat, unit: 'x', most: 1.2 }];
}

async function measureSize(world: World, size: FleetSize): Promise<{ measures: Measure[]; furtherMicros: number }> {
  const label = `${size.servers} servers`;
  const home = world.home('first');
  const proxy = startProxy();
  const readyS = await readyAfterS(proxy, world, home, world.natsUrl);
  const ready = await proxy.ask<Memory>('memory');
  const used = await useAll(proxy, size);
  const after = await proxy.ask<Memory>('memory');
  // In order, so that its file is whole.
  await proxy.ask('close');
  await proxy.stop();
  const file = await fileMiB(home);
  const again = startProxy();
  const fileS = await readyAfterS(again, world, home, NO_BUS);
  await again.stop();
  const row = (name: string, value: number, unit: string, most?: number): Measure => ({
    ...{ part: PART, name: `${label}: ${name}`, value, unit },
    ...(most !== undefined && { most }),
  });
  const measures = [
    row('start to ready from NATS', readyS, 's', MOST_READY_S),
    row('start to ready from its file, no bus', fileS, 's', MOST_READY_S),
    row('its file', file, 'MiB'),
    row('memory when ready', ready.rssMiB, 'MiB', MOST_MIB),
    row('most memory until then', ready.peakMiB, 'MiB', MOST_MIB),
    row('memory when each was used once', after.rssMiB, 'MiB', MOST_MIB),
    row('of it on the heap', after.heapMiB, 'MiB'),
    row('first resolve in a server, p50', percentile(used.first, 0.5) / 1_000, 'ms'),
    row('first resolve in a server, p99', percentile(used.first, 0.99) / 1_000, 'ms'),
    row('further resolves', used.further, 'us'),
  ];
  return { measures, furtherMicros: used.further };
}

function startProxy(): Child {
  return startChild('proxy', [], ['--expose-gc']);
}

/** From the fork of the process. */
async function readyAfterS(proxy: Child, world: World, home: string, natsUrl: string): Promise<number> {
  const begun = now();
  const { readyAt } = await proxy.ask<{ readyAt: number }>('start', { trustDir: world.trustDir, home, natsUrl });
  const servers = await proxy.ask<number>('servers');
  if (servers !== world.fleet.size.servers)
    throw new Error(`${natsUrl === NO_BUS ? 'file' : 'bus'}: ${servers} servers are here`);
  return (readyAt - begun) / 1_000;
}

async function fileMiB(home: string): Promise<number> {
  return (await stat(fileIn(home))).size / 1024 / 1024;
}

function fileIn(home: string): string {
  return join(home, 'routes-proxy.json');
}

/** One tool of every server, in an order that has nothing to do with theirs. */
function useAll(proxy: Child, size: FleetSize): Promise<{ first: number[]; further: number }> {
  const slugs = Array.from({ length: size.servers }, (_, n) => n);
  for (let n = slugs.length - 1; n > 0; n -= 1) {
    const other = Math.floor(Math.random() * (n + 1));
    [slugs[n], slugs[other]] = [slugs[other] ?? 0, slugs[n] ?? 0];
  }
  const names = slugs.map((server): [string, string] => {
    const gateway = (Math.floor(server / 10) + server) % size.gateways;
    return [`server-${server}`, `gateway_${gateway}_tool_${server % size.toolsPerGateway}`];
  });
  return proxy.ask('resolve', { names, rounds: Math.ceil(RESOLVES / names.length) });
}
