import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RawBodyRequest } from './fast-http.js';

type Handle = (request: RawBodyRequest, response: ServerResponse) => void;

let server: Server<typeof RawBodyRequest> | undefined;
let socket: Socket | undefined;

async function connected(handle: Handle): Promise<Socket> {
  server = createServer<typeof RawBodyRequest>({ IncomingMessage: RawBodyRequest }, handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** What comes back until this many answers are whole; every answer here ends with a full stop. */
async function answers(from: Socket, count: number): Promise<string> {
  let text = '';
  for await (const chunk of from.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.split('.\n').length > count) return text;
  }
  return text;
}

/** Answers with the body it was given. */
const echo: Handle = (request, response) => {
  const chunks: Buffer[] = [];
  request.streamBody((chunk) => {
    if (chunk) chunks.push(chunk);
    else response.end(`${Buffer.concat(chunks).toString()}.\n`);
    return true;
  });
};

const post = (body: string, more = ''): string =>
  `POST /echo HTTP/1.1\r\nhost: x\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;

describe('a request that hands over its raw body', () => {
  afterEach(() => {
    socket?.destroy();
    server?.close();
  });

  it('hands its body over, of each of many on one connection, sent at once', async () => {
    const client = await connected(echo);
    client.write(post('one') + post('two') + post('') + post('four'));
    const bodies = (await answers(client, 4))
      .split('\r\n')
      .filter((line) => line.endsWith('.\n') || /\.\nHTTP/.test(line));
    expect(bodies.map((line) => line.split('.\n')[0])).toEqual(['one', 'two', '', 'four']);
  });

  it('hands over a body that comes in pieces', async () => {
    let began = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => (began = resolve));
    const client = await connected((request, response) => {
      echo(request, response);
      began();
    });
    const message = post('x'.repeat(200_000) + 'y');
    client.write(message.slice(0, 1_000));
    await isBegun;
    client.write(message.slice(1_000));
    const text = await answers(client, 1);
    expect(text).toContain('xy.\n');
    expect(text.split('x').length - 1).toBe(200_000);
  });

  it('passes on what arrived before it was requested, and its end', async () => {
    for (const length of [0, 3, 100_000]) {
      const client = await connected((request, response) => {
        // By then node's parser has handed on as much as it will.
        setImmediate(() => setImmediate(() => echo(request, response)));
      });
      client.write(post('z'.repeat(length)));
      expect((await answers(client, 1)).split('z').length - 1).toBe(length);
      client.destroy();
      server?.close();
    }
  });

  it('leaves the connection usable when it is answered without being read', async () => {
    const client = await connected((request, response) => {
      if (request.url === '/echo') response.end('unread.\n');
    });
    client.write(post('a'.repeat(50_000)) + post('b'));
    expect((await answers(client, 2)).match(/unread/g)).toHaveLength(2);
  });

  it('is rejected by node without a Host, and continued where it expects that', async () => {
    const client = await connected(echo);
    client.write(post('patient', 'Expect: 100-continue\r\n'));
    expect(await answers(client, 1)).toMatch(/^HTTP\/1\.1 100 Continue[^]*patient/);
    client.write('POST /echo HTTP/1.1\r\ncontent-length: 0\r\n\r\n');
    const [head] = await once(client, 'data');
    expect(String(head)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('reports that its client disconnected before its end', async () => {
    const closed = new Promise<boolean>((resolve) => {
      void connected((request, response) => {
        request.streamBody(() => true);
        response.once('close', () => resolve(response.writableFinished));
        socket?.destroy();
      }).then((client) => client.write(post('never whole').slice(0, -3)));
    });
    expect(await closed).toBe(false);
  });

  it('is as any other where that is asked for', async () => {
    const client = await connected((request, response) => {
      request.useStandardStream();
      const { authorization = '', 'x-two': two = '' } = request.headers;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.end(`${authorization} ${String(two)} ${Buffer.concat(chunks).toString()}.\n`));
    });
    client.write(post('body', 'Authorization: a\r\nX-Two: 1\r\nX-Two: 2\r\n'));
    expect(await answers(client, 1)).toContain('a 1, 2 body.\n');
  });
});
