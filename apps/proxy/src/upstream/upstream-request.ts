import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';

/** A request to an upstream. Its headers are built anew; only selected credentials come from the caller. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Names and values, alternating, as undici takes them. */
  readonly headers: string[];
  readonly body: Buffer | null;
  /** No request is ever retried. */
  readonly idempotent: false;
}

/** Headers of every request; no mapping can write one of these names (`mappingProblem`). */
const COMMON = ['accept-encoding', 'identity', 'user-agent', 'lethe'];
const HEADERS: Readonly<Record<UpstreamRequest['method'], readonly string[]>> = {
  GET: ['accept', 'text/event-stream', ...COMMON],
  POST: ['accept', 'application/json, text/event-stream', ...COMMON, 'content-type', 'application/json'],
  DELETE: ['accept', 'application/json, text/event-stream', ...COMMON],
};

/**
 * Builds a request with the caller's credentials.
 * @param protocol headers of the protocol, such as `mcp-session-id`
 */
export function upstreamRequest(
  credentials: UpstreamCredentials,
  method: UpstreamRequest['method'],
  protocol: readonly (readonly [string, string])[],
  body: Buffer | null,
): UpstreamRequest {
  const headers = [...HEADERS[method]];
  for (const [name, value] of protocol) headers.push(name, value);
  for (const [name, value] of credentials.headers) headers.push(name, value);
  return { method, path: pathOf(credentials), headers, body, idempotent: false };
}

function pathOf(credentials: UpstreamCredentials): string {
  const { path, query } = credentials.access.gateway.target;
  if (query === '' && credentials.query === '') return path;
  return `${path}?${[query, credentials.query].filter((part) => part !== '').join('&')}`;
}
