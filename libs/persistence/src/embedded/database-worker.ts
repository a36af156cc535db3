// Runs PostgreSQL (PGlite) behind a Unix socket, off the service's event loop. Imports packages only, so that
// Node.js can start it from the source as well as from the build.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** Limit of clients, far above the size of the driver's pool. */
const MAX_CONNECTIONS = 40;

async function serve(dataDir: string, path: string): Promise<void> {
  const db = await PGlite.create(dataDir);
  const server = new PGLiteSocketServer({ db, path, maxConnections: MAX_CONNECTIONS });
  await server.start();
  parentPort?.once('message', () => {
    void server
      .stop()
      .then(() => db.close())
      .finally(() => parentPort?.postMessage({ closed: true }));
  });
  parentPort?.postMessage({ ready: true });
}

const given: unknown = workerData;
if (isTask(given)) await serve(given.dataDir, given.path);

function isTask(value: unknown): value is { dataDir: string; path: string } {
  if (value === null || typeof value !== 'object' || !('dataDir' in value) || !('path' in value)) return false;
  return typeof value.dataDir === 'string' && typeof value.path === 'string';
}
