import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** One message of PostgreSQL. https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const authentication = (body: string): Buffer => message('R', Buffer.from(body, 'latin1'));

/** Asks for a login with a password, in two steps. */
export const SCRAM = [authentication('\0\0\0\x0aSCRAM-SHA-256\0\0'), authentication('\0\0\0\x0br=n,s=c2FsdA==,i=1')];

/** Refuses a login with this SQLSTATE. */
export function fatal(sqlState: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mno\0\0`, 'latin1'));
}

/** A server that answers each message of a login with `answer`. Unless that asks for more, it closes the connection then. */
export async function startScriptedPostgres(answer: () => Buffer): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', () => {
      const bytes = answer();
      if (SCRAM.includes(bytes)) socket.write(bytes);
      else socket.end(bytes);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `postgresql://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/lethe`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
