// Runs PostgreSQL (PGlite) behind a loopback socket, off the service's event loop. Imports packages only, so that
// Node.js can start it from the source as well as from the build.
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** Clients beyond this are refused; the driver's pool stays far below it. */
const MAX_CONNECTIONS = 40;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function serve(dataDir: string): Promise<void> {
  const db = await PGlite.create(dataDir);
  const port = await freePort();
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port, maxConnections: MAX_CONNECTIONS });
  await server.start();
  parentPort?.once('message', () => {
    void server
      .stop()
      .then(() => db.close())
      .finally(() => parentPort?.postMessage({ closed: true }));
  });
  parentPort?.postMessage({ port });
}

const given: unknown = workerData;
if (given !== null && typeof given === 'object' && 'dataDir' in given && typeof given.dataDir === 'string') {
  await serve(given.dataDir);
}
