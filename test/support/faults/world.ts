import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initTrust } from '@lethe/sealing';
import pg from 'pg';
import { Admin } from '../admin.js';
import { type NatsCluster, startNatsCluster } from '../nats-cluster.js';
import { natsConfiguration, natsPasswords, type NatsUser } from '../nats-users.js';
import { makeHome, removeHome, until } from '../processes.js';
import { postgresBinaries } from '../services/postgres-binaries.js';
import { type PostgresCluster, startPostgresCluster } from '../services/postgres-cluster.js';
import { startTcpRelay, type TcpRelay } from '../tcp-relay.js';
import type { Service } from '../separate.js';
import { type Replica, startReplica } from './replica.js';

/** How many of each, and the environment that a replica has on top. */
export interface WorldOptions {
  nats: number;
  registries: number;
  connectors: number;
  proxies: number;
  env?: Record<string, string>;
  envOf?: (name: string) => Record<string, string>;
  /** Where NATS and PostgreSQL keep their files, if not in the usual temporary folder. */
  folders?: { nats: string; postgres: string };
  /** Where the logs of the services are kept afterwards. */
  logs?: string | undefined;
}

/** Everything of one deployment as processes of its own, each of which can fail. */
export interface World {
  home: string;
  nats: NatsCluster;
  postgres: PostgresCluster;
  /** Between registries and PostgreSQL. */
  relay: TcpRelay;
  registries: Replica[];
  connectors: Replica[];
  proxies: Replica[];
  all(): Replica[];
  natsLogin(user: NatsUser): { user: string; pass: string };
  /** Of the first registry that answers. */
  admin(): Promise<Admin>;
  allReady(timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a deployment; all of it is ready. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const home = await makeHome();
  const passwords = natsPasswords();
  const configuration = await natsConfiguration(passwords);
  const nats = await inFolder(options.folders?.nats, () => startNatsCluster(options.nats, configuration));
  const postgres = await inFolder(options.folders?.postgres, () => startPostgresCluster(postgresBinaries()));
  const relay = await startTcpRelay(postgres.url);
  await createDatabase(postgres.url);
  const trust = join(home, 'trust');
  await initTrust(trust, new Date());
  const urlOf = (user: NatsUser): string => nats.url.replaceAll('nats://', `nats://${user}:${passwords[user]}@`);
  const start = (app: Service, count: number): Promise<Replica[]> =>
    Promise.all(
      Array.from({ length: count }, (_, n) => {
        const name = `${app}-${n + 1}`;
        const own: Record<string, string> =
          app === 'registry'
            ? {
                DATABASE_URL: relay.url.replace(/postgres$/, 'lethe'),
                LETHE_NATS_REPLICAS: String(options.nats),
              }
            : {};
        const env = { NATS_URL: urlOf(app), LETHE_TRUST: trust, ...own };
        return startReplica(app, name, home, { ...env, ...options.env, ...options.envOf?.(name) });
      }),
    );
  const registries = await start('registry', options.registries);
  const [connectors, proxies] = await Promise.all([
    start('connector', options.connectors),
    start('proxy', options.proxies),
  ]);
  const token = await firstToken(registries);
  const all = (): Replica[] => [...registries, ...connectors, ...proxies];
  const world: World = {
    ...{ home, nats, postgres, relay, registries, connectors, proxies, all },
    natsLogin: (user) => ({ user, pass: passwords[user] }),
    admin: async () => {
      for (const registry of registries) if (await registry.isReady()) return new Admin(registry.url, token);
      throw new Error('no registry is ready');
    },
    allReady: async (timeoutMs = 60_000) => {
      const areReady = async (): Promise<boolean> =>
        (await Promise.all(all().map((replica) => replica.isReady()))).every(Boolean);
      await until('all to be ready', async () => (await areReady()) || undefined, timeoutMs);
    },
    stop: async () => {
      await Promise.all(all().map(({ process }) => process.kill()));
      await relay.close();
      if (options.logs !== undefined) await keepLogs(all(), options.logs);
      await Promise.allSettled([nats.stop(), postgres.stop()]);
      await removeHome(home);
    },
  };
  await world.allReady();
  return world;
}

async function keepLogs(replicas: readonly Replica[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, process } of replicas) await copyFile(process.logFile, join(folder, `${name}.log`));
}

/** Temporary folders are made in this one meanwhile. */
async function inFolder<T>(folder: string | undefined, work: () => Promise<T>): Promise<T> {
  const { TMPDIR: before } = process.env;
  if (folder !== undefined) process.env['TMPDIR'] = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create database lethe');
  await client.end();
}

/** Only one of the registries that started together made the administrator. */
async function firstToken(registries: readonly Replica[]): Promise<string> {
  const tokens = await Promise.all(
    registries.map(({ home }) => readFile(join(home, 'admin-token'), 'utf8').catch(() => '')),
  );
  return tokens.join('').trim();
}
