import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';
import { bodyOf, passOn } from '../support/upstreams/pass-on.js';

/** The front of a scene's server. */
export interface ModernFront {
  url: string;
  /** How often it answered `initialize` itself. */
  initialized(): number;
  close(): Promise<void>;
}

/**
 * Puts a front before a server of 2026-07-28 that answers `initialize` as such a server does, and passes on everything
 * else. A verification visits an upstream as a client of each era; a scenario judges every request as one of a modern client.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export async function startModernFront(server: string): Promise<ModernFront> {
  let initialized = 0;
  const { pathname, port } = new URL(server);
  const { origin, close } = await listenOnLoopback((request, response) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(request);
      if (!isInitialize(body)) return pass(request, body, port, response);
      initialized += 1;
      refuse(response);
    };
    serve().catch(() => response.destroy());
  });
  return { url: `${origin}${pathname}`, initialized: () => initialized, close };
}

function isInitialize(body: Buffer): boolean {
  return body.length > 0 && (JSON.parse(body.toString('utf8')) as { method?: string }).method === 'initialize';
}

function refuse(response: ServerResponse): void {
  const error = { code: -32022, message: 'Unsupported protocol version', data: { supported: ['2026-07-28'] } };
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}

function pass(request: IncomingMessage, body: Buffer, port: string, response: ServerResponse): void {
  const { connection: _hop, ...headers } = request.headers;
  const upstream = forward({ host: '127.0.0.1', port, method: request.method, path: request.url, headers });
  passOn(upstream, response);
  upstream.end(body);
}
