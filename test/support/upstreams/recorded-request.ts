import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What an upstream saw of one request; the tests ask who received which credential. */
export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

/** An upstream that listens on loopback and remembers what it received, refused requests included, discovery left out. */
export interface Upstream {
  /** The MCP endpoint. */
  url: string;
  received: RecordedRequest[];
  close(): Promise<void>;
}

/** Who may use an upstream: a bearer token (or one of several), or a rule of one's own. Neither: anyone. */
export interface UpstreamLock {
  token?: string | readonly string[];
  accepts?: (headers: IncomingHttpHeaders) => boolean;
}

/** Whether a connector looks for metadata of authorization, without a credential; a handshake is told apart from that. */
export function isDiscovery({ headers }: IncomingMessage): boolean {
  return headers['user-agent'] === 'lethe-connector (discovery)';
}

export function record(request: IncomingMessage): RecordedRequest {
  return { method: request.method ?? '', path: request.url ?? '', headers: { ...request.headers } };
}

export function mayEnter(lock: UpstreamLock, headers: IncomingHttpHeaders): boolean {
  if (lock.accepts !== undefined) return lock.accepts(headers);
  if (lock.token === undefined) return true;
  const tokens = typeof lock.token === 'string' ? [lock.token] : lock.token;
  return tokens.some((token) => headers.authorization === `Bearer ${token}`);
}
