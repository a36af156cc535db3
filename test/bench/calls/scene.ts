import type { ForkOptions } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startsAsProxy } from '../proxy-start.js';
import { Child } from './children.js';
import { UPSTREAM_TOKEN } from './messages.js';

/** Where `npm run bench` puts the proxy's process. */
const BUNDLES = 'dist/bench/calls';

/**
 * Who is under test; `lethe-node-http` is Lethe with the fast HTTP path turned off, `lethe-traced` with a trace of each call,
 * `lethe-before` the proxy of another checkout.
 */
export type RelayName = 'direct' | 'bare' | 'sdk' | 'lethe' | 'lethe-node-http' | 'lethe-traced' | 'lethe-before';

export interface Relay {
  readonly child: Child;
  readonly url: string;
  /** The caller's key at Lethe; the others know no callers. */
  readonly key?: string;
}

/** All calls are sampled, and no span is dropped: the whole cost is in the figures. */
const TRACED = { OTEL_TRACES_SAMPLER: 'always_on', OTEL_BSP_MAX_QUEUE_SIZE: '100000' };

/** The upstream and all relays, each in a process of its own. */
export interface Scene {
  readonly home: string;
  readonly upstream: Child;
  /** @throws Error for the other checkout's where none is named */
  relay(name: RelayName): Relay;
  /** Empties the logs, which a service's would be shipped away. */
  shipLogs(): Promise<void>;
  close(): Promise<void>;
}

/** @param before folder of another checkout, whose benchmark is built */
export async function startScene(before?: string): Promise<Scene> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-bench-'));
  const children: Child[] = [];
  // Also when the benchmark is broken off; the children end with it by themselves.
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const close = async () => {
    await Promise.all(children.map((child) => child.stop()));
  };
  const log = (name: string) => join(home, `${name}.log`);
  const start = async <Ready>(
    name: string,
    given: object,
    options: ForkOptions = {},
    logName = name,
    folder?: string,
  ) => {
    const started = await Child.start<Ready>(name, log(logName), given, options, folder);
    children.push(started.child);
    return { child: started.child, ...started.ready };
  };
  try {
    const upstream = await start<{ origins: string[] }>('upstream', {});
    const [origin = ''] = upstream.origins;
    const bare = await start<{ url: string }>('bare', { upstream: origin });
    const sdk = await start<{ url: string }>('sdk', { upstream: origin, authorization: UPSTREAM_TOKEN });
    const proxy = async (name: string, env: NodeJS.ProcessEnv, folder?: string) => {
      const given = { home: join(home, name), upstreams: upstream.origins, env };
      return start<{ url: string; key: string }>('proxy', given, startsAsProxy(), name, folder);
    };
    const lethe = await proxy('lethe', {});
    const nodeHttp = await proxy('lethe-node-http', { PROXY_FAST_HTTP: 'off' });
    const collector = await start<{ url: string }>('collector', {});
    const traced = await proxy('lethe-traced', { ...TRACED, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const relays = new Map<RelayName, Relay>([
      ['direct', { child: upstream.child, url: origin }],
      ['bare', bare],
      ['sdk', sdk],
      ['lethe', lethe],
      ['lethe-node-http', nodeHttp],
      ['lethe-traced', traced],
    ]);
    if (before !== undefined) relays.set('lethe-before', await proxy('lethe-before', {}, join(before, BUNDLES)));
    return {
      home,
      upstream: upstream.child,
      relay: (name) => {
        const relay = relays.get(name);
        if (!relay) throw new Error(`no relay ${name}: --before names no checkout`);
        return relay;
      },
      shipLogs: async () => {
        for (const name of relays.keys()) if (name.startsWith('lethe')) await truncate(log(name));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
