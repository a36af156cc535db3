import { setTimeout as pause } from 'node:timers/promises';
import { readSettings, type RunningService } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';
import { startProxy } from '../../../apps/proxy/src/proxy.app.js';
import { RouteBook } from '../../../apps/proxy/src/routes/route-book.js';
import { RoutesService } from '../../../apps/proxy/src/routes/routes.service.js';
import { ServerChanges } from '../../../apps/proxy/src/routes/server-changes.js';
import { answerQuestions, now, tell } from './child.js';
import { memoryOf } from './memory.js';

/** A proxy of the built product; what it knows is looked at from inside. */
interface Start {
  readonly trustDir: string;
  readonly home: string;
  /** None: there is no bus, and the file of last time must do. */
  readonly natsUrl: string;
  /** Tell when another state of a server serves. */
  readonly tellsChanges?: boolean;
}

let book: RouteBook | undefined;
let service: RunningService | undefined;

/** The one that the proxy made. */
function found(made: RouteBook): void {
  book = made;
}

const offer = RouteBook.prototype.offerBlock;
RouteBook.prototype.offerBlock = function (this: RouteBook, ...args) {
  found(this);
  return offer.apply(this, args);
};
const offerPacked = RouteBook.prototype.offerPackedBlock;
RouteBook.prototype.offerPackedBlock = function (this: RouteBook, ...args) {
  found(this);
  return offerPacked.apply(this, args);
};

/** When a proxy says that it is ready, which is before everything that waits for a bus has given up. */
let readyAt = 0;
const startRoutes = RoutesService.prototype.start;
RoutesService.prototype.start = function (this: RoutesService) {
  const look = setInterval(() => {
    if (!this.isReady()) return;
    clearInterval(look);
    readyAt = now();
  }, 5);
  return startRoutes.call(this);
};

/** The clock is read where the change takes effect. */
function tellChanges(): void {
  const announce = ServerChanges.prototype.announce;
  ServerChanges.prototype.announce = function (this: ServerChanges, slug) {
    announce.call(this, slug);
    tell({ slug, at: now() });
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

/**
 * Microseconds of each first resolve in a server, of further ones, and of what the memory costs alone: the same names,
 * looked up in one plain map of servers and one of tools.
 */
function resolve({ names, rounds }: { names: [slug: string, tool: string][]; rounds: number }) {
  const first: number[] = [];
  for (const [slug, tool] of names) {
    const begun = performance.now();
    book?.server(slug)?.resolve('tool', tool);
    first.push((performance.now() - begun) * 1_000);
  }
  const micros = (resolveOne: (slug: string, tool: string) => unknown): number => {
    const begun = performance.now();
    for (let round = 0; round < rounds; round += 1) for (const [slug, tool] of names) resolveOne(slug, tool);
    return ((performance.now() - begun) * 1_000) / (rounds * names.length);
  };
  const servers = new Map(names.map(([slug], n) => [copyOf(slug), { n }]));
  const tools = new Map(names.map(([, tool], n) => [copyOf(tool), { n }]));
  let sum = 0;
  const bare = micros((slug, tool) => (sum += (servers.get(slug)?.n ?? 0) + (tools.get(tool)?.n ?? 0)));
  const further = micros((slug, tool) => book?.server(slug)?.resolve('tool', tool));
  return { first, further, bare };
}

/** Another string of the same characters, as a name in a request is another one than that of a catalogue. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

answerQuestions({
  start,
  resolve,
  memory: () => memoryOf(),
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  close: () => service?.close(),
  servers: () => book?.serverLines().length ?? 0,
});
