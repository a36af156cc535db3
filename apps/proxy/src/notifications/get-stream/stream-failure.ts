import type { IncomingHttpHeaders } from 'node:http';
import { mediaType } from '../../upstream/media-type.js';

/** What an upstream's answer to a GET means for its stream. */
export type ReconnectDecision = 'open' | 'lost' | 'refused' | 'later';

/**
 * `lost`: it has forgotten the session. `refused`: it offers no stream, or not to this client. `later`: it may next time,
 * such as when an earlier connection of the same stream has not ended there yet.
 */
export function reconnectDecision(
  status: number,
  headers: IncomingHttpHeaders,
  hasSession: boolean,
): ReconnectDecision {
  const type = mediaType(headers);
  if (status === 200) return type === 'text/event-stream' && isPlain(headers) ? 'open' : 'refused';
  if (status === 404 && hasSession) return 'lost';
  return status === 409 || status === 429 || status >= 500 ? 'later' : 'refused';
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  return (headers['content-encoding'] ?? 'identity') === 'identity';
}
