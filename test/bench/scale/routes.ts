import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { legacy } from '../../support/proxy/rpc.js';
import { PROXY_FLAGS } from '../proxy-flags.js';
import { type Child, now, startChild } from './child.js';
import { type FleetSize, gatewaysOf, toolName } from './fleet.js';
import type { Memory } from './memory.js';
import { type Measure, percentile } from './report.js';
import { startWorld, type World } from './world.js';

const PART = 'routes';
const MOST_READY_S = 10;
const MOST_MIB = 1_024;
/** Nobody listens there. */
const NO_BUS = 'nats://127.0.0.1:9';
const FEW = 10;
const SIZES: FleetSize[] = [
  { servers: FEW, gateways: 100, toolsPerGateway: 100 },
  { servers: 1_000, gateways: 1_000, toolsPerGateway: 100 },
  { servers: 10_000, gateways: 1_000, toolsPerGateway: 100 },
];
const RESOLVES = 200_000;
const MOST_RATIO = 1.2;
/** Of a call's CPU: what resolving may cost more with most servers than with ten. */
const MOST_SHARE = 0.2;
const CALLS = 4_000;
const CALLS_AT_ONCE = 8;

/** How a proxy starts and resolves with few and with many virtual servers. */
export async function measureRoutes(isQuick: boolean): Promise<Measure[]> {
  const measures: Measure[] = [];
  const further: number[] = [];
  const inFew: number[] = [];
  const calls: number[] = [];
  const upstream = startChild('upstream', ['1']);
  const upstreamUrl = await upstream.ask<string>('url');
  for (const size of isQuick ? SIZES.slice(0, 2) : SIZES) {
    const world = await startWorld(size, upstreamUrl);
    try {
      const found = await measureSize(world, size);
      measures.push(...found.measures);
      further.push(found.furtherMicros);
      inFew.push(found.inFewMicros);
      calls.push(found.callMicros);
    } finally {
      await world.close();
    }
  }
  await upstream.stop();
  const ratio = (values: number[]) => (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN);
  return [
    ...measures,
    { part: PART, name: 'a call, most servers / 10 servers', value: ratio(calls), unit: 'x', most: MOST_RATIO },
    {
      part: PART,
      name: 'resolve in the same ten, most servers / 10 servers',
      value: ratio(inFew),
      unit: 'x',
      most: MOST_RATIO,
    },
    {
      part: PART,
      name: 'what resolving anywhere costs more, of a call with 10',
      value: ((further.at(-1) ?? Number.NaN) - (further[0] ?? Number.NaN)) / (calls[0] ?? Number.NaN),
      unit: 'x',
      most: MOST_SHARE,
    },
    {
      part: PART,
      name: 'resolve anywhere, most servers / 10 servers',
      value: ratio(further),
      unit: 'x',
      most: MOST_RATIO,
    },
  ];
}

interface Found {
  readonly measures: Measure[];
  readonly furtherMicros: number;
  readonly inFewMicros: number;
  readonly callMicros: number;
}

async function measureSize(world: World, size: FleetSize): Promise<Found> {
  const label = `${size.servers} servers`;
  const home = world.home('first');
  const proxy = startProxy();
  const { url, readyS } = await readyAfter(proxy, world, home, world.natsUrl);
  const ready = await proxy.ask<Memory>('memory');
  const used = await resolveOf(proxy, shuffled(namesOf(size)));
  const { further: inFewMicros } = await resolveOf(proxy, namesOf({ ...size, servers: FEW }));
  const callMicros = await microsPerCall(proxy, url, size);
  const after = await proxy.ask<Memory>('memory');
  // In order, so that its file is whole.
  await proxy.ask('close');
  await proxy.stop();
  const file = await fileMiB(home);
  const again = startProxy();
  const { readyS: fileS } = await readyAfter(again, world, home, NO_BUS);
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
    row('further resolves, of all by turns', used.further, 'us'),
    row('further resolves, of ten of them', inFewMicros, 'us'),
    row('the same in two plain maps', used.bare, 'us'),
    row('CPU of a whole call', callMicros, 'us'),
  ];
  return { measures, furtherMicros: used.further, inFewMicros, callMicros };
}

function startProxy(): Child {
  return startChild('proxy', [], [...PROXY_FLAGS, '--expose-gc']);
}

/** From the fork of the process. */
async function readyAfter(
  proxy: Child,
  world: World,
  home: string,
  natsUrl: string,
): Promise<{ url: string; readyS: number }> {
  const begun = now();
  const { readyAt, url } = await proxy.ask<{ readyAt: number; url: string }>('start', {
    trustDir: world.trustDir,
    home,
    natsUrl,
  });
  const servers = await proxy.ask<number>('servers');
  if (servers !== world.fleet.size.servers)
    throw new Error(`${natsUrl === NO_BUS ? 'file' : 'bus'}: ${servers} servers are here`);
  return { url, readyS: (readyAt - begun) / 1_000 };
}

async function fileMiB(home: string): Promise<number> {
  return (await stat(fileIn(home))).size / 1024 / 1024;
}

function fileIn(home: string): string {
  return join(home, 'routes-proxy.json');
}

/** One tool of every server, now of its first gateway, now of its last. */
function namesOf(size: FleetSize): [slug: string, tool: string][] {
  return Array.from({ length: size.servers }, (_, server) => {
    const gateways = gatewaysOf(server, size);
    const gateway = gateways[(server * 7) % gateways.length] ?? 0;
    return [`server-${server}`, toolName(gateway, server % size.toolsPerGateway)];
  });
}

/** In an order that has nothing to do with theirs. */
function shuffled<T>(values: readonly T[]): T[] {
  const keyed = values.map((value) => [Math.random(), value] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, value]) => value);
}

/** Of the proxy's process, over HTTP, a few at a time. */
async function microsPerCall(proxy: Child, url: string, size: FleetSize): Promise<number> {
  const names = shuffled(namesOf(size));
  const call = async (n: number): Promise<void> => {
    const [slug, name] = names[n % names.length] ?? ['', ''];
    // The gateway's number is in its tools' names.
    const headers = { [`x-upstream-gateway-${name.split('_')[1]}-authorization`]: 'Bearer x' };
    const answer = await legacy(`${url}/servers/${slug}/mcp`, 'tools/call', { name, arguments: {} }, headers);
    if (answer.body.result?.content?.[0]?.text !== 'done') throw new Error(`call: ${answer.text.slice(0, 300)}`);
  };
  const calls = async (from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n += CALLS_AT_ONCE) {
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, (_, more) => call(n + more)));
    }
  };
  await calls(0, CALLS);
  const before = await proxy.ask<number>('cpuMicros');
  await calls(CALLS, CALLS);
  return ((await proxy.ask<number>('cpuMicros')) - before) / CALLS;
}

function resolveOf(
  proxy: Child,
  names: [slug: string, tool: string][],
): Promise<{ first: number[]; further: number; bare: number }> {
  return proxy.ask('resolve', { names, rounds: Math.ceil(RESOLVES / names.length) });
}
