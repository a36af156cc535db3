import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on any free loopback port, and how to end it with all its connections. */
export async function listenOnLoopback(listener: RequestListener): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(listener);
  await started(server);
  return { origin: `http://127.0.0.1:${portOf(server)}`, close: () => ended(server) };
}

function started(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}

/** A free port, for a program that can't report the one it took; another process may use it first. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await started(probe);
  const port = portOf(probe);
  await ended(probe);
  return port;
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
