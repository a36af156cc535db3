import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeCheckpoints } from './checkpoints.js';
import { DATABASE_SETTINGS } from './database-settings.js';
import { lockDirectory } from './directory-lock.js';
import { type ClusterSource, ensureCluster } from './first-cluster.js';

/** A PostgreSQL inside this process. */
export interface EmbeddedDatabase {
  /** Connection URL for the ordinary driver. */
  url: string;
  close(): Promise<void>;
}

/** How an embedded database is started. */
export interface EmbeddedOptions extends ClusterSource {
  /** Settings of PostgreSQL, instead of those for a small registry. */
  settings?: Readonly<Record<string, string>>;
}

/** The worker's file is beside this one, as source or as build. */
const WORKER = new URL(`./database-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** The socket's file name: PostgreSQL clients look for it in the folder that they are given as host. */
const SOCKET_NAME = '.s.PGSQL.5432';

function isReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The embedded database ended before it was ready')));
  });
}

async function stop(worker: Worker): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    worker.once('message', () => resolve());
    worker.once('exit', () => resolve());
  });
  worker.postMessage('close');
  await closed;
  await worker.terminate();
}

/**
 * Starts the embedded PostgreSQL on `dir`, which is created if missing and locked against a second process. It listens on a
 * Unix socket in a folder that only this user can enter: a port would be open to every user of the machine, without a
 * password. One backend serves all clients, so queries and transactions run one after another and settings are of all;
 * LISTEN, advisory locks between clients and COPY from a client do not work.
 * @throws DirectoryInUse
 * @throws StartError if the first cluster can't be created
 */
export async function startEmbeddedDatabase(dir: string, options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  mkdirSync(dirname(dir), { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(`${dir}.lock`);
  // Not in the data directory: the path of a socket is limited to about a hundred characters.
  const socketDir = mkdtempSync(join(tmpdir(), 'lethe-db-'));
  const release = () => {
    rmSync(socketDir, { recursive: true, force: true });
    unlock();
  };
  try {
    await ensureCluster(dir, options);
    // The worker needs neither the environment nor the arguments of the service.
    const worker = new Worker(WORKER, {
      workerData: {
        dataDir: dir,
        path: join(socketDir, SOCKET_NAME),
        settings: Object.entries(options.settings ?? DATABASE_SETTINGS).map(([name, value]) => `${name}=${value}`),
      },
      env: {},
      execArgv: [],
      // Flags of the service count for its threads, too: this one would keep its large young generation.
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
    });
    await isReady(worker);
    const url = `postgres://postgres@${encodeURIComponent(socketDir)}/postgres`;
    const endCheckpoints = writeCheckpoints(url);
    const close = async () => {
      await endCheckpoints();
      await stop(worker);
      release();
    };
    return { url, close };
  } catch (error) {
    release();
    throw error;
  }
}
