import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../upstreams/loopback-server.js';
import { bodyOf, passOn } from '../upstreams/pass-on.js';

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
  const body = await bodyOf(request);
  const { method = '', url = '', headers } = request;
  asked.push(method === 'POST' ? methodOf(body) : method);
  // Some servers check the host that they are called by.
  const outgoing = forward(`${origin}${url}`, { method, headers: { ...headers, host: new URL(origin).host } });
  passOn(outgoing, response);
  outgoing.end(body);
}

function methodOf(body: Buffer): string {
  return /"method"\s*:\s*"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? 'response';
}
