import type { RequestHeaders } from './request-headers.js';

const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After';
const HEADER_NAMES = /^[A-Za-z0-9!#$%&'*+.^`|~-]+(?:\s*,\s*[A-Za-z0-9!#$%&'*+.^`|~-]+)*$/;
const MAX_AGE_SECONDS = 600;

/** Lets an admitted page read an answer. Credentials are headers that the page sets itself; cookies play no part. */
export function corsHeaders(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
}

/** What an admitted page may send: `Mcp-Param-*` and passthrough headers can't be listed, so what it asks for is granted. */
export function preflightHeaders(headers: RequestHeaders): Record<string, string> {
  const asked = headers.get('access-control-request-headers') ?? '';
  return {
    'access-control-allow-methods': 'POST, DELETE, OPTIONS',
    ...(HEADER_NAMES.test(asked) && { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(MAX_AGE_SECONDS),
  };
}
