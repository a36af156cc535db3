import { rmSync } from 'node:fs';
import { mkdtemp, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROXY_FLAGS } from '../proxy-flags.js';
import { Child } from './children.js';

/** What the upstream is called with. */
export const UPSTREAM_TOKEN = 'Bearer upstream-token-3f0c2a9b7d51';

/** Who is under test. */
export type RelayName = 'direct' | 'bare' | 'sdk' | 'lethe';

export interface Relay {
  readonly child: Child;
  readonly url: string;
}

/** The upstream and all relays, each in a process of its own. */
export interface Scene {
  readonly home: string;
  readonly upstream: Child;
  readonly relays: Readonly<Record<RelayName, Relay>>;
  /** The caller's key at Lethe. */
  readonly key: string;
  /** Empties the logs, which a service's would be shipped away. */
  shipLogs(): Promise<void>;
  close(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-bench-'));
  const children: Child[] = [];
  // Also when the benchmark is broken off; the children end with it by themselves.
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const close = async () => {
    await Promise.all(children.map((child) => child.stop()));
  };
  const log = (name: string) => join(home, `${name}.log`);
  const start = async <Ready>(name: string, given: object, flags: string[] = []) => {
    const started = await Child.start<Ready>(name, log(name), given, flags);
    children.push(started.child);
    return { child: started.child, ...started.ready };
  };
  try {
    const upstream = await start<{ origins: string[] }>('upstream', {});
    const [origin = ''] = upstream.origins;
    const bare = await start<{ url: string }>('bare', { upstream: origin });
    const sdk = await start<{ url: string }>('sdk', { upstream: origin, authorization: UPSTREAM_TOKEN });
    const lethe = await start<{ url: string; key: string }>(
      'proxy',
      { home, upstreams: upstream.origins },
      PROXY_FLAGS,
    );
    return {
      home,
      upstream: upstream.child,
      relays: { direct: { child: upstream.child, url: origin }, bare, sdk, lethe },
      key: lethe.key,
      shipLogs: () => truncate(log('proxy')),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
