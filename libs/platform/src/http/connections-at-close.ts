import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How often a server that closes looks for connections that have become idle. */
const LOOK_MS = 20;
/** From then on a connection without a request counts as one that will not get any. */
const UNUSED_MS = 1_000;
/** How long requests may still run when a server has begun to close. */
const REQUESTS_MS = 5_000;

/**
 * Lets no connection hold up the close of a server. Without it, node's server and Fastify end only connections that are idle
 * at that moment: one whose response is sent later stays for the keep-alive time, and one that never sent anything, such as
 * one that a browser opens in advance, counts as busy.
 */
export function endConnectionsAtClose(fastify: FastifyInstance): void {
  const { server } = fastify;
  const accepted = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    accepted.set(socket, performance.now());
    socket.once('close', () => accepted.delete(socket));
  });
  const endUnused = (): void => {
    server.closeIdleConnections();
    const unusedSince = performance.now() - UNUSED_MS;
    for (const [socket, since] of accepted) if (socket.bytesRead === 0 && since < unusedSince) socket.destroy();
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
