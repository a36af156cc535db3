import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { answerBenchmark } from './answering.js';

/**
 * The yardstick: what it costs in Node.js to take a JSON body, look into it, send it on over a pooled connection and hand
 * the answer on as it comes. No routing, no access, no call log.
 */
const { upstream }: { upstream: string } = JSON.parse(process.argv[2] ?? '{}');
const pool = new Pool(upstream, { pipelining: 1, connections: 2_048, allowH2: false });

function relay(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  try {
    const message: { method?: unknown } | null = JSON.parse(body.toString('utf8'));
    if (typeof message?.method !== 'string') throw new SyntaxError('no method');
  } catch {
    response.writeHead(400).end();
    return;
  }
  const { accept = '*/*', authorization = '', 'mcp-protocol-version': version = '' } = request.headers;
  const headers = [
    ...['content-type', 'application/json', 'accept', accept, 'authorization', authorization],
    ...['mcp-protocol-version', String(version)],
  ];
  pool.dispatch({ method: 'POST', path: request.url ?? '/', headers, body }, new Answer(response));
}

class Answer implements Dispatcher.DispatchHandler {
  constructor(private readonly response: ServerResponse) {}

  onRequestStart(): void {
    // Nothing is known of the answer yet.
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const { 'content-type': type = 'application/json', 'content-length': length } = headers;
    const isKnown = length !== undefined;
    this.response.writeHead(
      status,
      isKnown ? { 'content-type': type, 'content-length': length } : { 'content-type': type },
    );
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // To a client that is gone nothing can be written: what is left is read to its end, so that the connection is free.
    if (this.response.write(chunk) || this.response.destroyed) return;
    controller.pause();
    const resume = () => controller.resume();
    this.response.once('drain', resume).once('close', resume);
  }

  onResponseEnd(): void {
    this.response.end();
  }

  onResponseError(): void {
    if (this.response.headersSent) this.response.destroy();
    else this.response.writeHead(502).end();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    relay(request, response, chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
answerBenchmark({ url: `http://127.0.0.1:${port}` });
