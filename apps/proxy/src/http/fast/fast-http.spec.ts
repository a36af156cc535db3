import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { readUntil } from '@test/support/read-until.js';
import { afterEach, describe, expect, it } from 'vitest';
import { McpHttpServer } from '../mcp-http-server.js';
import type { ResponseWriter } from '../response/response-writer.js';
import { FastHttp } from './fast-http.js';

const HEADERS = { 'content-type': 'text/plain' };
const GET = 'GET /servers/one/mcp HTTP/1.1\r\nHost: here\r\n\r\n';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server with an engine of its own, as each proxy has one. */
async function listening(serve: (response: ResponseWriter) => void): Promise<{ server: Server; port: number }> {
  const front = new McpHttpServer(new FastHttp());
  front.serve((_request, response) => serve(response));
  const server = front.serverFactory(() => undefined).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('a queued response', () => {
  it.each([
    ['ends', '', true],
    ['goes on with what is no request', 'no request\r\n\r\n', false],
  ])('leaves before its connection does, where its client %s in the same packet', async (_name, more, ends) => {
    const { server, port } = await listening((response) => response.sendLatin1(HEADERS, 'x'));
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const socket = connect(port, '127.0.0.1');
    if (ends) socket.end(GET + more);
    else socket.write(GET + more);
    expect(await readUntil(socket, 'never')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it('waits only for the others of its own server, whatever other servers the process has', async () => {
    const held: ResponseWriter[] = [];
    const sockets: Socket[] = [];
    const clients: Socket[] = [];
    for (let n = 0; n < 2; n++) {
      const { server, port } = await listening((response) => void held.push(response));
      server.on('connection', (socket) => sockets.push(socket));
      const client = connect(port, '127.0.0.1');
      clients.push(client);
      client.write(GET);
      await expect.poll(() => held.length).toBe(n + 1);
    }
    const written = () => sockets.map(({ bytesWritten }) => bytesWritten > 0);
    for (const response of held) response.sendLatin1(HEADERS, 'x');
    expect(written()).toEqual([false, false]);
    // Makes the first server write what it has queued.
    servers[0]?.emit('clientError', new Error('no request'), sockets[0]);
    expect(written()).toEqual([true, false]);
    for (const client of clients) expect(await readUntil(client, '\r\n\r\nx')).toContain('200 OK');
  });
});
