import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from './loopback-server.js';
import { passOn } from './pass-on.js';
import {
  isDiscovery,
  mayEnter,
  record,
  type RecordedRequest,
  type Upstream,
  type UpstreamLock,
} from './recorded-request.js';

/** A reverse proxy that records every request and lets through those that open the lock; others get a plain 401. */
export async function startRecordingProxy(
  targetPort: () => number,
  lock: UpstreamLock,
  path: string,
): Promise<Upstream> {
  const received: RecordedRequest[] = [];
  const { origin, close } = await listenOnLoopback((request, response) => {
    if (!isDiscovery(request)) received.push(record(request));
    if (mayEnter(lock, request.headers)) relay(request, response, targetPort());
    else refuse(request, response);
  });
  return { url: `${origin}${path}`, received, close };
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(401, { 'www-authenticate': 'Bearer realm="fixture"', 'content-type': 'application/json' });
  response.end('{"error":"unauthorized"}');
}

function relay(request: IncomingMessage, response: ServerResponse, port: number): void {
  // `connection` is about the connection to this proxy (RFC 9110, 7.6.1).
  const { authorization: _kept, connection: _hop, ...headers } = request.headers;
  const upstream = forward({ host: '127.0.0.1', port, method: request.method, path: request.url, headers });
  passOn(upstream, response);
  request.pipe(upstream);
}
