import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../upstreams/loopback-server.js';

/** A reverse proxy that passes everything on and remembers which methods were asked for. */
export interface Relay {
  url: string;
  /** JSON-RPC methods of POST requests; `GET` and `DELETE` for the others. */
  asked: string[];
  close(): Promise<void>;
}

/** Starts a relay before the server at this URL. */
export async function startRelay(target: string): Promise<Relay> {
  const { origin, pathname } = new URL(target);
  const asked: string[] = [];
  const listening = await listenOnLoopback((request, response) => {
    relay(origin, asked, request, response).catch(() => response.destroy());
  });
  return { url: listening.origin + pathname, asked, close: listening.close };
}

async function relay(origin: string, asked: string[], request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  asked.push(method === 'POST' ? methodOf(body) : method);
  // Some servers check the host that they are called by.
  const outgoing = forward(`${origin}${url}`, { method, headers: { ...headers, host: new URL(origin).host } });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
}

function methodOf(body: Buffer): string {
  return /"method"\s*:\s*"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? 'response';
}
