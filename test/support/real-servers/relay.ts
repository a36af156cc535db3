import { request as forward, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../upstreams/loopback-server.js';
import { bodyOf, passOn } from '../upstreams/pass-on.js';

/** A reverse proxy that passes everything on and remembers which methods were asked for. */
export interface Relay {
  url: string;
  /** JSON-RPC methods of POST requests; `GET` and `DELETE` for the others. */
  asked: string[];
  close(): Promise<void>;
}

/** What a relay sends of a request's headers. */
export type RewriteHeaders = (headers: IncomingHttpHeaders, method: string) => IncomingHttpHeaders;

/** Starts a relay before the server at this URL. */
export async function startRelay(target: string, rewrite: RewriteHeaders = (headers) => headers): Promise<Relay> {
  const { origin, pathname } = new URL(target);
  const asked: string[] = [];
  const listening = await listenOnLoopback((request, response) => {
    relay(origin, asked, rewrite, request, response).catch(() => response.destroy());
  });
  return { url: listening.origin + pathname, asked, close: listening.close };
}

async function relay(
  origin: string,
  asked: string[],
  rewrite: RewriteHeaders,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const body = await bodyOf(request);
  const { method = '', url = '' } = request;
  const called = method === 'POST' ? methodOf(body) : method;
  asked.push(called);
  const headers = rewrite(request.headers, called);
  // Some servers check the host that they are called by.
  const outgoing = forward(`${origin}${url}`, { method, headers: { ...headers, host: new URL(origin).host } });
  passOn(outgoing, response);
  outgoing.end(body);
}

function methodOf(body: Buffer): string {
  return /"method"\s*:\s*"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? 'response';
}
