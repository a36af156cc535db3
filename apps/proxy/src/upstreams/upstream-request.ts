import type { Lent } from '../passthrough/lent.js';

/** What goes to an upstream: a fresh header set, nothing of which is copied from the caller but what was lent. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

/**
 * @param protocol headers of the protocol, such as `mcp-session-id`; lent ones come last and replace what has their name
 */
export function upstreamRequest(
  lent: Lent,
  method: UpstreamRequest['method'],
  protocol: readonly (readonly [string, string])[],
  body: Buffer | null,
): UpstreamRequest {
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string): void => void headers.set(name.toLowerCase(), [name, value]);
  set('accept', 'application/json, text/event-stream');
  set('accept-encoding', 'identity');
  set('user-agent', 'lethe');
  if (body) set('content-type', 'application/json');
  for (const [name, value] of [...protocol, ...lent.headers]) set(name, value);
  return { method, path: pathOf(lent), headers: [...headers.values()].flat(), body };
}

function pathOf(lent: Lent): string {
  const { path, query } = lent.grant.gateway.target;
  const whole = [query, lent.query].filter((part) => part !== '').join('&');
  return whole === '' ? path : `${path}?${whole}`;
}
