import type { RequestHeaders } from './request-headers.js';

const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After';
const HEADER_NAMES = /^[A-Za-z0-9!#$%&'*+.^`|~-]+(?:\s*,\s*[A-Za-z0-9!#$%&'*+.^`|~-]+)*$/;
const MAX_AGE_SECONDS = 600;

/** The HTTP methods of a virtual server, GET within a session. */
export const ALLOWED_METHODS = 'GET, POST, DELETE, OPTIONS';

/** Headers that let a page of an allowed origin read a response. No credentials mode: pages set their keys as headers, and cookies are not used. */
export function corsHeaders(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
}

/** Headers of the response to `OPTIONS`, a preflight or not. `Mcp-Param-*` and passthrough headers can't be listed, so all requested ones are allowed. */
export function preflightHeaders(headers: RequestHeaders, methods = ALLOWED_METHODS): Record<string, string> {
  const requested = headers.get('access-control-request-headers') ?? '';
  return {
    allow: methods,
    'access-control-allow-methods': methods,
    ...(HEADER_NAMES.test(requested) && { 'access-control-allow-headers': requested }),
    'access-control-max-age': String(MAX_AGE_SECONDS),
  };
}
