import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bucket } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { type LogOutput, readSettings, type RunningService } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { DEFAULT_UPSTREAM_TIMING, type UpstreamTiming } from '../../apps/proxy/src/upstream/upstream-timing.js';
import { PublishedRoutes } from './published-routes.js';
import { EffectiveRoutes } from './proxy/effective-routes.js';
import { startRoundRobin } from './round-robin.js';
import { testTrust } from './trust.js';

/** Proxies on one bus in this process, behind a balancer that sends each request to another one. */
export interface Proxies {
  /** The balancer. */
  url: string;
  replicas: RunningService[];
  routes: PublishedRoutes;
  broker: MemoryBroker;
  trust: Trust;
  home: string;
  /** Waits until the newest entry with this key that `routes` has published is in effect at every replica. */
  inEffect(bucket: Bucket, key: string): Promise<void>;
  /** One more proxy on the same bus, or another, with time limits for upstreams of its own; its end is the caller's. */
  start(
    env?: NodeJS.ProcessEnv,
    broker?: MemoryBroker,
    timing?: Partial<UpstreamTiming>,
    output?: LogOutput,
  ): Promise<RunningService>;
  close(): Promise<void>;
}

export async function startProxies(count: number, env: NodeJS.ProcessEnv = {}): Promise<Proxies> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-proxy-'));
  const trust = testTrust();
  const broker = new MemoryBroker();
  const start: Proxies['start'] = (more = {}, bus = broker, limits = {}, output?) => {
    const own = { LETHE_HOME: home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'fatal', ...env, ...more };
    const timing = { ...DEFAULT_UPSTREAM_TIMING, ...limits };
    const parts = { settings: readSettings(own), bus: { broker: bus, service: 'proxy' }, trust, timing };
    return startProxy({ ...parts, ...(output && { output }) });
  };
  const effective = new EffectiveRoutes(broker);
  const replicas: RunningService[] = [];
  for (let n = 0; n < count; n++) replicas.push(await start());
  const balancer = await startRoundRobin(replicas.map(({ url }) => url));
  const ids = await effective.ready(count);
  const routes = new PublishedRoutes(broker, trust);
  return {
    url: balancer.url,
    replicas,
    routes,
    broker,
    trust,
    home,
    start,
    inEffect: (bucket, key) => effective.at(ids, bucket, key, routes.revisionOf(bucket, key)),
    close: async () => {
      effective.close();
      await balancer.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await rm(home, { recursive: true, force: true });
    },
  };
}
