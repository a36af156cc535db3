import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import { readUntil } from '@test/support/read-until.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { ResponseWriter } from '../response/response-writer.js';
import { CoalescedResponses, MAX_QUEUED, responseHead } from './coalesced-responses.js';

const HEADERS = { 'content-type': 'application/json', vary: 'accept-encoding' };
const GET = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';
const LAST = 4_096;
const servers: Server[] = [];
let responses = new CoalescedResponses();

beforeEach(() => {
  responses = new CoalescedResponses();
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

function byNode(response: ServerResponse, body: string): void {
  response.writeHead(200, { ...HEADERS, 'content-length': body.length }).end(body, 'latin1');
}

function whole(response: ServerResponse, body: string): boolean {
  return responses.enqueue(response, HEADERS, body);
}

async function listening(listener: RequestListener): Promise<number> {
  const server = createServer(HTTP_SERVER_OPTIONS, listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connected(listener: RequestListener): Promise<Socket> {
  const socket = connect(await listening(listener), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** What comes last, until a text has come in it so many times. */
const until = (socket: Socket, text: string, times = 1): Promise<string> =>
  readUntil(socket, text, { times, keep: LAST });

/** Status line, headers and body, but for the order of headers and the time of the day. */
function read(answer: string): object {
  const [head = '', body] = answer.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.replace(/^Date: \w{3}, .*GMT$/, 'Date: now').toLowerCase());
  return { status, headers: headers.toSorted(), body };
}

describe('a coalesced response', () => {
  it('is what node would have sent', async () => {
    verifies('responses.complete');
    const answers = [];
    for (const answer of [byNode, whole]) {
      const socket = await connected((_request, response) => answer(response, '{"é":1}'));
      socket.write(GET);
      answers.push(read(await until(socket, '{"é":1}')));
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  it('leaves its connection to the next request, and to the timeout of idle ones', async () => {
    const sent: boolean[] = [];
    const sockets = new Set<Socket>();
    const socket = await connected((request, response) => {
      sent.push(whole(response, `<${sent.length}>`));
      sockets.add(request.socket);
    });
    for (let n = 0; n < 3; n++) {
      socket.write(GET);
      expect(await until(socket, `<${n}>`)).toContain('200 OK');
      const idleFor = [...sockets].map(({ timeout }) => timeout ?? 0);
      expect(idleFor).toHaveLength(1);
      expect(idleFor[0]).toBeGreaterThanOrEqual(HTTP_SERVER_OPTIONS.keepAliveTimeout ?? NaN);
    }
    expect(sent).toEqual([true, true, true]);
  });

  it('waits for its turn behind the answers before it', async () => {
    const waiting: ServerResponse[] = [];
    const sent: boolean[] = [];
    const socket = await connected((_request, response) => {
      if (waiting.push(response) < 3) return;
      for (const each of waiting.toReversed()) {
        const isSent = whole(each, `<${waiting.indexOf(each)}>`);
        sent.push(isSent);
        if (!isSent) byNode(each, `<${waiting.indexOf(each)}>`);
      }
    });
    socket.write(GET + GET + GET);
    const come = await until(socket, '200 OK', 3);
    expect(come.match(/<\d>/g)).toEqual(['<0>', '<1>', '<2>']);
    expect(sent).toEqual([false, false, true]);
  });

  it('follows the 100 Continue that node sends to a client that waits for it', async () => {
    const socket = await connected((request, response) => void request.on('end', () => whole(response, 'x')).resume());
    socket.write('POST / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    expect(await until(socket, '\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('{}');
    expect(await until(socket, '\r\n\r\nx')).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it('is left to node where the connection ends with it', async () => {
    const sent: boolean[] = [];
    const socket = await connected((_request, response) => {
      sent.push(whole(response, 'x'));
      byNode(response, 'x');
    });
    socket.write('GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
    expect(await until(socket, 'never')).toContain('Connection: close');
    expect(sent).toEqual([false]);
  });

  it('is left to node where a client takes nothing, and after that client has left', async () => {
    const sent: boolean[] = [];
    let left: ServerResponse | undefined;
    const socket = await connected((request, response) => {
      if (request.url === '/leave') {
        left = response;
        response.once('close', () => sent.push(whole(response, 'x')));
        return void socket.destroy();
      }
      request.socket.write(Buffer.alloc(16 * 1024 * 1024));
      sent.push(whole(response, 'x'));
      byNode(response, 'x');
    });
    socket.pause();
    socket.write(GET);
    await expect.poll(() => sent).toEqual([false]);
    socket.resume();
    await until(socket, '\r\n\r\nx');
    socket.write(GET.replace('/', '/leave'));
    await expect.poll(() => sent).toEqual([false, false]);
    expect(left?.destroyed).toBe(true);
  });

  it('leaves at the end of the turn in which it is given, with the others of that turn, or when they are many', async () => {
    const held: ServerResponse[] = [];
    const port = await listening((_request, response) => void held.push(response));
    const clients = Array.from({ length: MAX_QUEUED + 1 }, () => connect(port, '127.0.0.1'));
    for (const client of clients) client.write(GET);
    await expect.poll(() => held.length).toBe(clients.length);
    const sockets = held.map(({ socket }) => socket);
    const answered = () => sockets.filter((socket) => (socket?.bytesWritten ?? 0) > 0).length;
    const counts = held.map((response) => [whole(response, 'x'), answered()]);
    const before = [0, MAX_QUEUED - 1, MAX_QUEUED].map((at) => counts[at]);
    expect(before).toEqual([
      [true, 0],
      [true, MAX_QUEUED],
      [true, MAX_QUEUED],
    ]);
    for (const client of clients) expect(await until(client, '\r\n\r\nx')).toContain('200 OK');
    expect(answered()).toBe(clients.length);
  });

  it('is dropped, and disturbs none of the others, when its client leaves within the turn', async () => {
    const held: ServerResponse[] = [];
    const port = await listening((_request, response) => void held.push(response));
    const clients = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    for (const client of clients) client.write(GET);
    await expect.poll(() => held.length).toBe(clients.length);
    for (const response of held) expect(whole(response, 'x')).toBe(true);
    held[1]?.socket?.destroy();
    const come = await Promise.all(clients.map((client) => until(client, '\r\n\r\nx')));
    expect(come.filter((answer) => answer.includes('200 OK'))).toHaveLength(2);
  });

  it('waits for no long work of its turn', async () => {
    const held: ServerResponse[] = [];
    const socket = await connected((_request, response) => void held.push(response));
    socket.write(GET);
    await expect.poll(() => held.length).toBe(1);
    const [response] = held;
    const answered = response?.socket;
    const sent = () => answered?.bytesWritten ?? 0;
    expect(response && whole(response, 'x')).toBe(true);
    responses.flushIfOverdue();
    expect(sent()).toBe(0);
    const begun = Date.now();
    while (Date.now() - begun < 5);
    responses.flushIfOverdue();
    expect(sent()).toBeGreaterThan(0);
  });

  it('is the last that its response says, whoever goes on', async () => {
    const socket = await connected((_request, response) => {
      const writer = new ResponseWriter(response, responses);
      writer.sendJson(200, '{"é":1}');
      expect(writer.hasBegun).toBe(true);
      writer.sendJson(500, '{}');
      writer.write('x');
      writer.endWith(Buffer.from('x'));
      writer.end();
      writer.destroy();
    });
    for (let n = 0; n < 2; n++) {
      socket.write(GET);
      expect(read(await until(socket, '}'))).toMatchObject({ body: Buffer.from('{"é":1}').toString('latin1') });
    }
  });

  it('keeps what lets a page read it', async () => {
    const socket = await connected((_request, response) => {
      const writer = new ResponseWriter(response, responses);
      writer.setHeaders({ 'access-control-allow-origin': 'https://page.example' });
      writer.sendJson(200, '{}');
    });
    socket.write(GET);
    expect(await until(socket, '{}')).toContain('access-control-allow-origin: https://page.example');
  });
});

describe('the head of a whole response', () => {
  it('is left to node where node has to see to the connection', () => {
    expect(responseHead({ connection: 'close' })).toBeUndefined();
    expect(responseHead({ 'transfer-encoding': 'chunked' })).toBeUndefined();
    expect(responseHead({ 'mcp thing': 'a' })).toBeUndefined();
  });

  it('is left to node where a value would break it', () => {
    expect(responseHead({ 'mcp-thing': 'a\r\nb: c' })).toBeUndefined();
    expect(responseHead({ 'mcp-thing': 'é' })).toBeUndefined();
  });
});
