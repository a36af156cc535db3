import { once } from 'node:events';
import { IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { LetheError } from '@lethe/platform';
import { readUntil } from '@test/support/read-until.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServeMcp } from '../http-engine.js';
import { FastHttp } from './fast-http.js';
import { MAX_BODY_BYTES } from '../request/host-origin-policy.js';
import { McpHttpServer } from '../mcp-http-server.js';
import { NodeHttp } from '../node-http.js';
import { ClientDisconnected, readBody } from '../request/request-body.js';

let server: Server | undefined;
let client: Socket | undefined;

afterEach(() => {
  client?.destroy();
  server?.close().closeAllConnections();
});

async function connected(front: McpHttpServer, serve: ServeMcp): Promise<Socket> {
  front.serve(serve);
  server = front.serverFactory((request, response) => void response.end(request.constructor.name));
  // As Fastify does.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(client, 'connect');
  return client;
}

const head = (length: number, path = '/servers/one/mcp'): string =>
  `POST ${path} HTTP/1.1\r\nHost: here\r\nContent-Length: ${length}\r\n\r\n`;

describe.each([
  ['node’s own request and response', () => new NodeHttp()],
  ['the fast path', () => new FastHttp()],
])('a server by %s', (_name, engine) => {
  it('reads a body that arrives in pieces, and answers on a connection that goes on', async () => {
    const socket = await connected(new McpHttpServer(engine()), (request, response) => {
      expect([request.method, request.rawHeaders.slice(0, 2)]).toEqual(['POST', ['Host', 'here']]);
      readBody(
        request,
        response,
        (body) => response.sendJson(200, `{"é":${body.length},"last":"${body.toString().at(-1)}"}`),
        () => response.destroy(),
      );
    });
    const body = `${'x'.repeat(200_000)}y`;
    for (let n = 0; n < 2; n++) {
      socket.write(head(body.length) + body.slice(0, 1_000));
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(body.slice(1_000));
      const answer = await readUntil(socket, '}');
      expect(answer).toContain('200 OK');
      expect(answer).toContain(Buffer.from('{"é":200001,"last":"y"}').toString('latin1'));
    }
  });

  it('stops at a body that is too long', async () => {
    let failure: unknown;
    const socket = await connected(new McpHttpServer(engine()), (request, response) => {
      readBody(
        request,
        response,
        () => response.sendEmpty(204),
        (error) => {
          failure = error;
          response.sendEmpty(413, { connection: 'close' });
        },
      );
    });
    socket.write(head(2 * MAX_BODY_BYTES) + 'x'.repeat(MAX_BODY_BYTES + 1));
    expect(await readUntil(socket, '\r\n\r\n')).toContain('413 ');
    expect(failure instanceof LetheError && failure.code).toBe('payload_too_large');
  });

  it('reports that a client disconnected before its body was complete', async () => {
    const failed = Promise.withResolvers<Error>();
    const socket = await connected(new McpHttpServer(engine()), (request, response) => {
      readBody(
        request,
        response,
        () => failed.reject(new Error('a body that was never sent')),
        (error) => failed.resolve(error),
      );
      socket.destroy();
    });
    socket.write(`${head(10)}half`);
    expect(await failed.promise).toBeInstanceOf(ClientDisconnected);
  });
});

describe('the plain way', () => {
  it('leaves node’s request and response as they are', async () => {
    const socket = await connected(new McpHttpServer(), (_request, response) => response.sendJson(200, '{}'));
    const requests: object[] = [];
    server?.prependListener('request', (request: object) => requests.push(request));
    socket.write(head(0));
    expect(await readUntil(socket, '{}')).toContain('200 OK');
    socket.write(head(0, '/other'));
    expect(await readUntil(socket, 'IncomingMessage')).toContain('200 OK');
    expect(requests.map((request) => request.constructor)).toEqual([IncomingMessage, IncomingMessage]);
  });
});
