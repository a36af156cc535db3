import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { legacy } from '../../support/proxy/rpc.js';
import { findGenerator, type Load, type Sendable, writeRequests } from '../load/load.js';
import { legacyMessage } from '../calls/messages.js';
import { startsAsProxy } from '../proxy-start.js';
import { type Child, now, startChild } from './child.js';
import { type FleetSize, gatewaysOf, toolName } from './fleet.js';
import type { Memory } from './memory.js';
import { type Measure, percentile } from './report.js';
import { shuffled } from './shuffled.js';
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
/** Of a call's CPU: what looking names up all over may cost more than in ten servers. */
const MOST_SHARE = 0.2;
/** Rounds in which a proxy with few servers and one with many are measured in turns: what else the machine does meets both. */
const ROUNDS = 11;
const LOAD_SECONDS = 1;
const CONNECTIONS = 8;
/** Calls of each server before calls are measured: what a server's first ones make is made, and the code is hot. */
const WARM_CALLS = 3;
const WARM_CALLS_AT_LEAST = 30_000;
const CHECKED = 20;
const SETTLE_MS = 50;
const GENERATOR = findGenerator();

/** How a proxy starts and resolves with few and with many virtual servers. */
export async function measureRoutes(isQuick: boolean): Promise<Measure[]> {
  const measures: Measure[] = [];
  const upstream = startChild('upstream', ['1']);
  const upstreamUrl = await upstream.ask<string>('url');
  const [few, ...larger] = isQuick ? SIZES.slice(0, 2) : SIZES;
  if (!few) throw new Error('no size');
  const yardstick = await Served.start(few, upstreamUrl, measures);
  try {
    for (const size of larger) {
      const served = await Served.start(size, upstreamUrl, measures);
      try {
        measures.push(...(await compared(served, yardstick)), ...(await served.restarted()));
      } finally {
        await served.close();
      }
    }
    return [...measures, ...(await yardstick.restarted())];
  } finally {
    await yardstick.close();
    await upstream.stop();
  }
}

/** One proxy that serves a fleet. */
class Served {
  /** One tool of each server, in an order that has nothing to do with theirs, and where the next load goes on in it. */
  private readonly order;
  private at = 0;

  private constructor(
    readonly size: FleetSize,
    private readonly world: World,
    private readonly home: string,
    private readonly proxy: Child,
    private readonly url: string,
  ) {
    this.order = shuffled(namesOf(size));
  }

  static async start(size: FleetSize, upstreamUrl: string, measures: Measure[]): Promise<Served> {
    const world = await startWorld(size, upstreamUrl);
    const home = world.home('first');
    const proxy = startProxy();
    const { url, readyS } = await readyAfter(proxy, world, home, world.natsUrl);
    const served = new Served(size, world, home, proxy, url);
    const ready = await proxy.ask<Memory>('memory');
    const first = await proxy.ask<number[]>('firstResolves', namesOf(size));
    await served.check();
    await served.warmUp();
    const after = await proxy.ask<Memory>('memory');
    measures.push(
      served.row('start to ready from NATS', readyS, 's', MOST_READY_S),
      served.row('memory when ready', ready.rssMiB, 'MiB', MOST_MIB),
      served.row('most memory until then', ready.peakMiB, 'MiB', MOST_MIB),
      served.row('memory when each was called', after.rssMiB, 'MiB', MOST_MIB),
      served.row('of it on the heap', after.heapMiB, 'MiB'),
      served.row('first resolve in a server, p50', percentile(first, 0.5) / 1_000, 'ms'),
      served.row('first resolve in a server, p99', percentile(first, 0.99) / 1_000, 'ms'),
    );
    return served;
  }

  row(name: string, value: number, unit: string, most?: number): Measure {
    const measure = { part: PART, name: `${this.size.servers} servers: ${name}`, value, unit };
    return most === undefined ? measure : { ...measure, most };
  }

  /** Microseconds of one resolve, and of what memory costs alone, over the first of the servers. */
  resolves(servers: number): Promise<{ resolve: number; bare: number }> {
    return this.proxy.ask('resolves', { servers, rounds: Math.ceil(RESOLVES / servers) });
  }

  /** Only successful calls are measured: an error has status 200 as well. */
  private async check(): Promise<void> {
    for (const [slug, name] of this.order.slice(0, CHECKED)) {
      const { url, headers } = callOf(this.url, [slug, name]);
      const { body } = await legacy(url.href, 'tools/call', { name, arguments: {} }, headers);
      if (body.result?.content?.[0]?.text !== 'done') throw new Error(`${slug}: not the answer that was expected`);
    }
  }

  private async warmUp(): Promise<void> {
    const calls = Math.max(WARM_CALLS * this.size.servers, WARM_CALLS_AT_LEAST);
    for (let done = 0; done < calls;) done += (await this.load()).calls;
  }

  /** Of the proxy's process, any server being as likely as any other. */
  async microsPerCall(): Promise<number> {
    const before = await this.proxy.ask<number>('cpuMicros');
    const { calls } = await this.load();
    // What was under way at the end is carried out all the same.
    await setTimeout(SETTLE_MS);
    return ((await this.proxy.ask<number>('cpuMicros')) - before) / (calls + CONNECTIONS);
  }

  /** One server after the other, from where the last load ended. */
  private async load(): Promise<Load> {
    const file = this.world.home('calls.http');
    await writeRequests(
      file,
      [...this.order.slice(this.at), ...this.order.slice(0, this.at)].map((named) => callOf(this.url, named)),
    );
    const load = await GENERATOR.load({ url: this.url, connections: CONNECTIONS, seconds: LOAD_SECONDS, file });
    if (load.failed > 0 || load.calls === 0) throw new Error(`${load.failed} of ${load.calls} calls failed`);
    this.at = (this.at + load.calls) % this.order.length;
    return load;
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    await this.world.close();
  }

  /** Ends in order, so that its file is whole, and starts anew from the file alone. */
  async restarted(): Promise<Measure[]> {
    await this.proxy.ask('close');
    await this.proxy.stop();
    const file = await fileMiB(this.home);
    const again = startProxy();
    const { readyS } = await readyAfter(again, this.world, this.home, NO_BUS);
    await again.stop();
    return [
      this.row('its file', file, 'MiB'),
      this.row('start to ready from its file, no bus', readyS, 's', MOST_READY_S),
    ];
  }
}

type Figure = 'few' | 'fewBare' | 'ten' | 'all' | 'bare' | 'fewCall' | 'call';

/** What many servers make of a resolve and of a call; medians of rounds in turns with few. */
async function compared(many: Served, few: Served): Promise<Measure[]> {
  const rounds: Record<Figure, number>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const base = await few.resolves(few.size.servers);
    const ten = await many.resolves(few.size.servers);
    const all = await many.resolves(many.size.servers);
    rounds.push({
      ...{ few: base.resolve, fewBare: base.bare, ten: ten.resolve, all: all.resolve, bare: all.bare },
      ...{ fewCall: await few.microsPerCall(), call: await many.microsPerCall() },
    });
  }
  const median = (of: (round: Record<Figure, number>) => number) => percentile(rounds.map(of), 0.5);
  const of = (one: Figure) => median((round) => round[one]);
  const against = (one: Figure, other: Figure) => median((round) => round[one] / round[other]);
  const base = `${few.size.servers} servers`;
  return [
    many.row(`a resolve in a proxy with ${base}, in turns with this`, of('few'), 'us'),
    many.row('a resolve in the same ten', of('ten'), 'us'),
    many.row('a resolve, of all by turns', of('all'), 'us'),
    many.row('the same in two plain maps', of('bare'), 'us'),
    many.row(`CPU of a call of a proxy with ${base}, in turns with this`, of('fewCall'), 'us'),
    many.row('CPU of a call, of all by turns', of('call'), 'us'),
    many.row(`a resolve in the same ten, against ${base}`, against('ten', 'few'), 'x', MOST_RATIO),
    many.row(`a call, of all by turns, against ${base}`, against('call', 'fewCall'), 'x', MOST_RATIO),
    many.row(`a resolve, of all by turns, against ${base}`, against('all', 'few'), 'x'),
    many.row(`two plain maps, against ${base}`, against('bare', 'fewBare'), 'x'),
    many.row(
      'what a resolve of all by turns costs more, of a call',
      median((round) => (round.all - round.few) / round.fewCall),
      'x',
      MOST_SHARE,
    ),
  ];
}

function startProxy(): Child {
  return startChild('proxy', [], startsAsProxy('--expose-gc'));
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

function callOf(proxy: string, [slug, name]: [slug: string, tool: string]): Sendable {
  const { headers, body } = legacyMessage('tools/call', { name, arguments: {} });
  // The gateway's number is in its tools' names.
  const credential = { [`x-upstream-gateway-${name.split('_')[1]}-authorization`]: 'Bearer x' };
  const accept = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  return { url: new URL(`/servers/${slug}/mcp`, proxy), headers: { ...accept, ...headers, ...credential }, body };
}
