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
import { startTcpRelay, type TcpRelay } from './tcp-relay.js';

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
  /** As `SeparateParts.launch`; the caller ends it. */
  launch: SeparateParts['launch'];
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
  /** PostgreSQL logs every statement and its parameters. */
  logsStatements?: boolean;
  /** The services reach NATS and PostgreSQL through `relays`, which can be cut. */
  isRelayed?: boolean;
}

/** Relays in front of NATS and PostgreSQL. */
export interface Relays {
  nats: TcpRelay;
  database: TcpRelay;
}

/** The three kinds of service. */
export type Service = 'registry' | 'connector' | 'proxy';

/** What one service has of its own. */
export interface LaunchOptions {
  /** On top of the environment of all services. */
  env?: Record<string, string>;
  /** Where the build of another version is. */
  root?: string;
}

/** A service that was started, and may not listen yet. */
export interface LaunchedService {
  process: ServiceProcess;
  home: string;
  /** Resolves with its URL. */
  listening(): Promise<string>;
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
  relays: Relays;
  /** @param name of the service's folder in `home` */
  start(app: Service, name?: string, options?: LaunchOptions): Promise<StartedService>;
  /** The same, but does not wait until it listens. */
  launch(app: Service, name?: string, options?: LaunchOptions): Promise<LaunchedService>;
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
  const database = await startTestDatabase('postgres', options);
  const passwords = natsPasswords();
  const nats = await startBus(await natsConfiguration(passwords));
  const natsUrlOf = (user: NatsUser): string => nats.url.replaceAll('nats://', `nats://${user}:${passwords[user]}@`);
  const [firstNats = ''] = nats.url.split(',');
  const relays = { nats: await startTcpRelay(firstNats), database: await startTcpRelay(database.url) };
  const trust = join(home, 'trust');
  await initTrust(trust, new Date());

  const launch: SeparateParts['launch'] = async (app, name = app, more = {}) => {
    const busUrl = options.isRelayed ? throughRelay(natsUrlOf(app), relays.nats) : natsUrlOf(app);
    const databaseUrl = options.isRelayed ? relays.database.url : database.url;
    const env = { NATS_URL: busUrl, LETHE_TRUST: trust, ...(app === 'registry' && { DATABASE_URL: databaseUrl }) };
    return launchService(app, join(home, name), name, { ...more, env: { ...env, ...options.env, ...more.env } });
  };
  const start: SeparateParts['start'] = async (app, name, more) => {
    const { listening, ...launched } = await launch(app, name, more);
    return { ...launched, url: await listening() };
  };
  return {
    home,
    databaseUrl: database.url,
    nats,
    natsUrlOf,
    natsLogin: (user) => ({ user, pass: passwords[user] }),
    relays,
    launch,
    start,
    close: async () => {
      await Promise.all([relays.nats.close(), relays.database.close()]);
      await nats.stop();
      await database.close();
      await removeHome(home);
    },
  };
}

function throughRelay(url: string, { url: relay }: TcpRelay): string {
  const relayed = new URL(url);
  relayed.port = new URL(relay).port;
  return relayed.href;
}

async function launchService(
  app: Service,
  home: string,
  name: string,
  { env, root }: LaunchOptions,
): Promise<LaunchedService> {
  await mkdir(home, { recursive: true });
  const file = join(home, `runtime-${app}.json`);
  // Of a process that was killed before in the same folder.
  await rm(file, { force: true });
  const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', CONNECTOR_PORT: '0', DOOR_PORT: '0' };
  const all = { LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8,localhost', ...ports, ...env };
  const process = startProcess(app, home, all, name, root);
  const listening = async (): Promise<string> => (await runtimeOf<{ url: string }>(process, file)).url;
  return { process, home, listening };
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
