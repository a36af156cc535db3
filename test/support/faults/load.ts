import { servedBy } from '../calls.js';
import { Caller, emptyTally, type Tally } from './callers.js';
import { type EchoUpstream, startEchoUpstreams } from './echo-upstreams.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

/** Clients that call all the time, each with its own key and credentials. */
export interface Load {
  upstreams: readonly EchoUpstream[];
  /** Proxies that are called now. */
  setProxies(urls: readonly string[]): void;
  /** What has become of the calls since the last time. */
  taken(): Tally;
  /** Resolves when so many calls more have been made. */
  calls(count: number): Promise<void>;
  stop(): Promise<void>;
}

const SLUG = 'all';

/** Registers the upstreams, serves them together, and begins to call. */
export async function startLoad(
  world: World,
  { callers, paceMs = 0 }: { callers: number; paceMs?: number },
  violations: Violations,
): Promise<Load> {
  const upstreams = await startEchoUpstreams(violations);
  const admin = await world.admin();
  for (const { name, url, credential } of upstreams) {
    const { verification } = await admin.register({ name, url }, credential('registration'));
    if (verification.state !== 'verified') throw new Error(`${name}: ${verification.state} ${verification.code ?? ''}`);
  }
  const include = upstreams.map(({ name }) => ({ gateway: name }));
  await admin.ask('POST', '/servers', { name: SLUG, slug: SLUG, include });
  const keys = await Promise.all(Array.from({ length: callers }, () => admin.callerKey()));
  await Promise.all(world.proxies.flatMap(({ url }) => keys.map((key) => servedBy(url, SLUG, key))));
  let proxyUrls: readonly string[] = world.proxies.map(({ url }) => url);
  let tally = emptyTally();
  let isOver = false;
  const target = { proxyUrls: () => proxyUrls, tally: () => tally, path: `/servers/${SLUG}/mcp`, paceMs };
  const clients = keys.map((key, n) => {
    const era = n % 2 === 0 ? 'legacy' : 'modern';
    return new Caller(target, { name: `caller-${n}`, era, key, upstreams, violations });
  });
  const running = Promise.all(clients.map((client) => client.run(() => isOver)));
  const made = (): number => tally.answered + tally.failed + tally.cut;
  return {
    upstreams,
    setProxies: (urls) => (proxyUrls = urls),
    taken: () => {
      const before = tally;
      tally = emptyTally();
      return before;
    },
    calls: async (count) => {
      const wanted = made() + count;
      while (made() < wanted) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    stop: async () => {
      isOver = true;
      await running;
      await Promise.all([...clients, ...upstreams].map((one) => one.close()));
    },
  };
}
