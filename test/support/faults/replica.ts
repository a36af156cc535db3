import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServiceProcess, startProcess, until } from '../processes.js';
import type { Service } from '../separate.js';
import { freePort } from '../upstreams/loopback-server.js';

const PORTS = { registry: 'REGISTRY_PORT', connector: 'CONNECTOR_PORT', proxy: 'PROXY_PORT' };

/** A process of one service that can be killed, stopped for a while, and started again with its files and its port. */
export interface Replica {
  readonly name: string;
  readonly app: Service;
  readonly home: string;
  readonly url: string;
  readonly process: ServiceProcess;
  /** Resolves when it is alive; `isReady` may take longer. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  isReady(): Promise<boolean>;
}

/** Starts the first process of a replica. */
export async function startReplica(
  app: Service,
  name: string,
  parent: string,
  env: Record<string, string>,
): Promise<Replica> {
  const home = join(parent, name);
  await mkdir(home, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const others = { REGISTRY_PORT: '0', CONNECTOR_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
  const own = { ...others, [PORTS[app]]: String(port), LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8,localhost', ...env };
  let running = startProcess(app, home, own, name);
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(`${url}${path}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) })).status;
  const isAlive = async (): Promise<true | undefined> => (await statusOf('/livez')) === 200 || undefined;
  const replica: Replica = {
    name,
    app,
    home,
    url,
    get process() {
      return running;
    },
    start: async () => {
      if (running.hasExited()) running = startProcess(app, home, own, name);
      await until(`${name} to live`, isAlive, 60_000);
      // Something else may have taken the port first, and answer in its place.
      if (running.hasExited()) throw new Error(`${name} has ended: ${(await running.log()).slice(-2_000)}`);
    },
    kill: () => running.kill(),
    freeze: () => running.signal('SIGSTOP'),
    thaw: () => running.signal('SIGCONT'),
    isReady: async () => (await statusOf('/readyz').catch(() => 0)) === 200,
  };
  await replica.start();
  return replica;
}
