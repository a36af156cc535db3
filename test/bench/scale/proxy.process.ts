import { setTimeout as pause } from 'node:timers/promises';
import { readSettings, type RunningService } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';
import { startProxy } from '../../../apps/proxy/src/proxy.app.js';
import { RouteTable } from '../../../apps/proxy/src/routes/snapshot/route-table.js';
import { Routes } from '../../../apps/proxy/src/routes/snapshot/routes.js';
import { EntryChanges } from '../../../apps/proxy/src/routes/snapshot/entry-changes.js';
import { answerQuestions, now, report } from './child.js';
import { memoryOf } from './memory.js';
import { shuffled } from './shuffled.js';

/** A proxy of the built product; what it knows is looked at from inside. */
interface Start {
  readonly trustDir: string;
  readonly home: string;
  /** None: there is no bus, and the file of last time must do. */
  readonly natsUrl: string;
  /** Tell when another state of a server serves. */
  readonly tellsChanges?: boolean;
}

let book: RouteTable | undefined;
let service: RunningService | undefined;

/** The one that the proxy made. */
function found(made: RouteTable): void {
  book = made;
}

const offer = RouteTable.prototype.applyBlock;
RouteTable.prototype.applyBlock = function (this: RouteTable, ...args) {
  found(this);
  return offer.apply(this, args);
};
const offerPacked = RouteTable.prototype.applyPackedBlock;
RouteTable.prototype.applyPackedBlock = function (this: RouteTable, ...args) {
  found(this);
  return offerPacked.apply(this, args);
};

/** When a proxy says that it is ready, which is before everything that waits for a bus has given up. */
let readyAt = 0;
const startRoutes = Routes.prototype.start;
Routes.prototype.start = function (this: Routes) {
  const look = setInterval(() => {
    if (!this.table.isReady) return;
    clearInterval(look);
    readyAt = now();
  }, 5);
  return startRoutes.call(this);
};

/** The clock is read where the change takes effect. */
function tellChanges(): void {
  const announce = EntryChanges.prototype.announce;
  EntryChanges.prototype.announce = function (this: EntryChanges, slug) {
    announce.call(this, slug);
    report({ slug, at: now() });
  };
}

async function start({ trustDir, home, natsUrl, tellsChanges }: Start): Promise<{ url: string; readyAt: number }> {
  const settings = readSettings({
    ...{ LETHE_HOME: home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'error', LETHE_TRUST: trustDir, NATS_URL: natsUrl },
    LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8',
  });
  service = await startProxy({ settings, bus: { natsUrl, service: 'proxy' }, trust: await loadTrust(trustDir) });
  while (readyAt === 0) await pause(20);
  const { status } = await fetch(`${service.url}/readyz`);
  if (status !== 200) throw new Error(`not ready: ${status}`);
  if (tellsChanges) tellChanges();
  return { url: service.url, readyAt };
}

/** One tool of each server, in the order of the servers. */
let names: [slug: string, tool: string][] = [];

/** Microseconds of the first resolve in each server. */
function firstResolves(given: [slug: string, tool: string][]): number[] {
  names = given;
  return shuffled(names).map(([slug, tool]) => {
    const begun = performance.now();
    book?.server(slug)?.resolve('tool', tool);
    return (performance.now() - begun) * 1_000;
  });
}

/**
 * Microseconds of a resolve over the first servers, and of what the memory costs alone: the same names, looked up in one
 * plain map of servers and one of tools. Each time from the bytes of slug and name, as a request brings them: strings that
 * were looked up before are found faster.
 */
function resolves({ servers: count, rounds }: { servers: number; rounds: number }) {
  const looked = shuffled(names.slice(0, count));
  const bytes = Buffer.from(looked.flat().join(''));
  const ends = looked.flat().map(({ length }) => length);
  for (let at = 1; at < ends.length; at += 1) ends[at] = (ends[at] ?? 0) + (ends[at - 1] ?? 0);
  const micros = (resolveOne: (slug: string, tool: string) => unknown): number => {
    const begun = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      let from = 0;
      for (let at = 0; at < ends.length; at += 2) {
        const [middle = 0, end = 0] = [ends[at], ends[at + 1]];
        resolveOne(bytes.toString('latin1', from, middle), bytes.toString('latin1', middle, end));
        from = end;
      }
    }
    return ((performance.now() - begun) * 1_000) / (rounds * looked.length);
  };
  const servers = new Map(looked.map(([slug], n) => [slug, { n }]));
  const tools = new Map(looked.map(([, tool], n) => [tool, { n }]));
  let sum = 0;
  const bare = micros((slug, tool) => (sum += (servers.get(slug)?.n ?? 0) + (tools.get(tool)?.n ?? 0)));
  return { bare, resolve: micros((slug, tool) => book?.server(slug)?.resolve('tool', tool)) };
}

answerQuestions({
  start,
  firstResolves,
  resolves,
  memory: () => memoryOf(),
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  close: () => service?.close(),
  servers: () => book?.serverLines().length ?? 0,
});
