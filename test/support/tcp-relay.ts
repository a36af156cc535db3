import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of a server: what the server says may be changed, and it can be cut off. */
export interface TcpRelay {
  /** The server's URL at the relay's address. */
  url: string;
  /** Connections that were refused so far because the server was cut off. */
  readonly refused: number;
  /** Ends all connections and accepts no more, until `restore`. */
  cut(): void;
  restore(): void;
  /** Nothing passes on the connections that are open now, and neither end is told, as behind a firewall that forgot them. */
  forgetConnections(): void;
  close(): Promise<void>;
}

/** @param changed what clients get instead of the server's bytes, given as latin1 */
export async function startTcpRelay(target: string, changed?: (text: string) => string): Promise<TcpRelay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  let refused = 0;
  const follow = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => other.destroy()).on('close', () => {
      sockets.delete(socket);
      other.destroy();
    }); // prettier-ignore
  };
  const server = createServer((client) => {
    if (isCut) {
      refused += 1;
      return void client.destroy();
    }
    const upstream = connect(Number(port), hostname);
    follow(client, upstream);
    follow(upstream, client);
    client.pipe(upstream);
    if (!changed) return void upstream.pipe(client);
    upstream.on('data', (chunk) => client.write(Buffer.from(changed(chunk.toString('latin1')), 'latin1')));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endAll = (): void => sockets.forEach((socket) => socket.destroy());
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    get refused() {
      return refused;
    },
    cut: () => {
      isCut = true;
      endAll();
    },
    restore: () => {
      isCut = false;
    },
    forgetConnections: () => {
      for (const socket of sockets) socket.unpipe().removeAllListeners('data').pause();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      endAll();
      await closed;
    },
  };
}
