import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { lockDirectory } from './directory-lock.js';

/** A PostgreSQL of our own, for one process. */
export interface EmbeddedDatabase {
  /** For the ordinary driver. */
  url: string;
  close(): Promise<void>;
}

/** The worker's file stands beside this one, as source or as build. */
const WORKER = new URL(`./database-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

function portOf(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: { port: number }) => resolve(message.port));
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
 * Starts the embedded PostgreSQL on `dir` (made when missing, locked against a second process) on a free loopback port.
 * One backend serves all clients: transactions run one after the other; no LISTEN, no advisory locks across clients.
 * @throws DirectoryInUse
 */
export async function startEmbeddedDatabase(dir: string): Promise<EmbeddedDatabase> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const release = lockDirectory(`${dir}.lock`);
  try {
    // A clean environment and argument list: the worker needs nothing of the service's.
    const worker = new Worker(WORKER, { workerData: { dataDir: dir }, env: {}, execArgv: [] });
    const port = await portOf(worker);
    const close = async () => {
      await stop(worker);
      release();
    };
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, close };
  } catch (error) {
    release();
    throw error;
  }
}
