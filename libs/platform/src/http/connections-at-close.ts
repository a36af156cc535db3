import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How often a server that closes looks for connections that have become idle. */
const LOOK_MS = 20;
/** How long requests may still run when a server has begun to close. */
const REQUESTS_MS = 5_000;

/**
 * Lets no connection hold up the close of a server. Without it, node's server and Fastify end only connections that are idle
 * at that moment: one whose response is sent later stays for the keep-alive time, and one that never sent anything, such as
 * one that a browser opens in advance, counts as busy.
 */
export function endConnectionsAtClose(fastify: FastifyInstance): void {
  const { server } = fastify;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const endUnused = (): void => {
    server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  fastify.addHook('preClose', (done) => {
    const look = setInterval(endUnused, LOOK_MS);
    const limit = setTimeout(() => server.closeAllConnections(), REQUESTS_MS);
    server.once('close', () => {
      clearInterval(look);
      clearTimeout(limit);
    });
    done();
  });
}
