import type { ResponseHeaders } from './response-head.js';

/**
 * The headers of a JSON response that is relayed. None is the upstream's: what MCP names for responses is about a session or a
 * challenge, which are Lethe's own towards the client, and another charset than UTF-8 would make other members of the bytes
 * that were checked. The response is for one caller, so nothing may store it, whatever the upstream says.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 * @param given of the upstream
 */
export function relayedJsonHeaders(given: ResponseHeaders): Record<string, string> {
  const { 'content-length': length } = given;
  const own = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return typeof length === 'string' ? { ...own, 'content-length': length } : own;
}
