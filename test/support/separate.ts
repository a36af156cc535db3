import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { initTrust } from '@lethe/sealing';
import { Admin } from './admin.js';
import { startTestDatabase } from './database.js';
import { type NatsCluster, startNatsCluster } from './nats-cluster.js';
import { type NatsServer, startNatsServer } from './nats-server.js';
import { natsConfiguration, natsPasswords, type NatsUser } from './nats-users.js';
import { makeHome, removeHome, runtimeOf, type ServiceProcess, startProcess } from './processes.js';
import { startRoundRobin } from './round-robin.js';

/** Registry, connector and proxies as processes of their own, over a real PostgreSQL and a real nats-server. */
export interface Separate {
  home: string;
  databaseUrl: string;
  nats: NatsServer;
  /** URL of the bus for a user of `deploy/nats/nats.conf`. */
  natsUrlOf(user: NatsUser): string;
  natsLogin(user: NatsUser): { user: string; pass: string };
  registry: ServiceProcess;
  connector: ServiceProcess;
  proxies: ServiceProcess[];
  proxyUrls: string[];
  registryUrl: string;
  /** A balancer without affinity in front of the proxies. */
  balancer: Awaited<ReturnType<typeof startRoundRobin>>;
  admin: Admin;
  startConnector(): Promise<void>;
  startRegistry(): Promise<void>;
  /** One more proxy, with an empty folder. The balancer does not know it. */
  startProxy(): Promise<StartedService>;
  stop(): Promise<void>;
}

export interface SeparateOptions {
  proxies?: number;
  env?: Record<string, string>;
  /** nats-server logs every message it handles. */
  natsTrace?: boolean;
}

/** A service that runs, and where it listens. */
export interface StartedService {
  process: ServiceProcess;
  url: string;
  home: string;
}

/** PostgreSQL, NATS and keys, and how to start services with them. */
export interface SeparateParts<Bus = NatsServer> extends Pick<
  Separate,
  'home' | 'databaseUrl' | 'natsUrlOf' | 'natsLogin'
> {
  nats: Bus;
  /**
   * @param name of the service's folder in `home`
   * @param options.env on top of that of all services
   * @param options.root where the build of another version is
   */
  start(
    app: 'registry' | 'connector' | 'proxy',
    name?: string,
    options?: { env?: Record<string, string>; root?: string },
  ): Promise<StartedService>;
  /** After the services have ended. */
  close(): Promise<void>;
}

/** Starts what the services need, and no service. */
export function startSeparateParts(options: SeparateOptions = {}): Promise<SeparateParts> {
  const trace = options.natsTrace ? '\ndebug: true\ntrace: true\n' : '';
  return startParts(options, (config) => startNatsServer({ config: `${config}${trace}` }));
}

/** The same over a NATS cluster of three. */
export function startClusteredParts(options: SeparateOptions = {}): Promise<SeparateParts<NatsCluster>> {
  return startParts(options, (config) => startNatsCluster(3, config));
}

async function startParts<Bus extends { url: string; stop(): Promise<void> }>(
  options: SeparateOptions,
  startBus: (config: string) => Promise<Bus>,
): Promise<SeparateParts<Bus>> {
  const home = await makeHome();
  const database = await startTestDatabase('postgres');
  const passwords = natsPasswords();
  const nats = await startBus(await natsConfiguration(passwords));
  const natsUrlOf = (user: NatsUser): string => nats.url.replaceAll('nats://', `nats://${user}:${passwords[user]}@`);
  const trust = join(home, 'trust');
  await initTrust(trust, new Date());

  const start: SeparateParts['start'] = async (app, name = app, { env = {}, root } = {}) => {
    const serviceHome = join(home, name);
    await mkdir(serviceHome, { recursive: true });
    const runtimeFile = join(serviceHome, `runtime-${app}.json`);
    // Of a process that was killed before in the same folder.
    await rm(runtimeFile, { force: true });
    const process = startProcess(
      app,
      serviceHome,
      {
        NATS_URL: natsUrlOf(app),
        LETHE_TRUST: trust,
        LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8,localhost',
        REGISTRY_PORT: '0',
        PROXY_PORT: '0',
        CONNECTOR_PORT: '0',
        DOOR_PORT: '0',
        ...(app === 'registry' ? { DATABASE_URL: database.url } : {}),
        ...options.env,
        ...env,
      },
      name,
      root,
    );
    const runtime = await runtimeOf<{ url: string }>(process, runtimeFile);
    return { process, url: runtime.url, home: serviceHome };
  };
  return {
    home,
    databaseUrl: database.url,
    nats,
    natsUrlOf,
    natsLogin: (user) => ({ user, pass: passwords[user] }),
    start,
    close: async () => {
      await nats.stop();
      await database.close();
      await removeHome(home);
    },
  };
}

export async function startSeparate(options: SeparateOptions = {}): Promise<Separate> {
  const { start, close, ...parts } = await startSeparateParts(options);
  const registry = await start('registry');
  const token = (await readFile(join(registry.home, 'admin-token'), 'utf8')).trim();
  const [connector, ...proxies] = await Promise.all([
    start('connector'),
    ...Array.from({ length: options.proxies ?? 2 }, (_, index) => start('proxy', `proxy-${index + 1}`)),
  ]);
  const balancer = await startRoundRobin(proxies.map((proxy) => proxy.url));
  let starts = 1;
  const separate: Separate = {
    ...parts,
    registry: registry.process,
    connector: connector.process,
    proxies: proxies.map((proxy) => proxy.process),
    proxyUrls: proxies.map((proxy) => proxy.url),
    registryUrl: registry.url,
    balancer,
    admin: new Admin(registry.url, token),
    startConnector: async () => {
      separate.connector = (await start('connector', `connector-${++starts}`)).process;
    },
    startRegistry: async () => {
      const again = await start('registry', `registry-${++starts}`);
      separate.registry = again.process;
      separate.registryUrl = again.url;
      separate.admin = new Admin(again.url, token);
    },
    startProxy: async () => {
      const proxy = await start('proxy', `proxy-${++starts}-more`);
      separate.proxies.push(proxy.process);
      return proxy;
    },
    stop: async () => {
      await balancer.close();
      await Promise.all([separate.registry, separate.connector, ...separate.proxies].map((process) => process.stop()));
      await close();
    },
  };
  return separate;
}
