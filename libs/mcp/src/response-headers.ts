import type { ResponseHeaders } from './response-head.js';

/**
 * The headers of a JSON response that is relayed. Of the upstream's only the media type: the other headers that MCP names for
 * responses are about a session or a challenge, which are Lethe's own towards the client. The response is for one caller, so
 * nothing may store it, whatever the upstream says.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export function relayedJsonHeaders({ 'content-type': type }: ResponseHeaders): Record<string, string> {
  return { 'content-type': typeof type === 'string' ? type : 'application/json', 'cache-control': 'no-store' };
}
