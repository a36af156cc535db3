import { randomInt } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Below the ports that systems give to connections and to servers that ask for any (from 32,768 on Linux). */
const [LOWEST, ABOVE_HIGHEST] = [10_000, 32_768];

/** An HTTP server on any free loopback port, and how to end it with all its connections. */
export async function listenOnLoopback(listener: RequestListener): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await started(server);
  return { origin: `http://127.0.0.1:${portOf(server)}`, close: () => ended(server) };
}

function started(server: Server, port = 0): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/**
 * A free port, for a program that can't report the one it took, or that takes it again after a restart. No connection and no
 * server on any port gets it meanwhile; only another program that chooses its port so could.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const probe = createServer();
    const port = randomInt(LOWEST, ABOVE_HIGHEST);
    const isFree = await started(probe, port).then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await ended(probe);
    return port;
  }
}

/** The port that a server listens on. */
export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a TCP port');
  return address.port;
}

function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
