import type { Transport } from '@lethe/contracts';
import type { GuardedClient } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { openLegacyConnection } from './legacy-connection.js';
import { openModernConnection } from './modern-connection.js';
import { openSseConnection } from './sse-connection.js';
import type { UpstreamConnection } from './upstream-connection.js';

type OpenConnection = (url: string, http: GuardedClient) => Promise<UpstreamConnection>;

/** How to connect, by the transport that the order names. */
const OPEN_BY_TRANSPORT: Record<Transport, OpenConnection> = {
  'streamable-http': async (url, http) =>
    (await openModernConnection(url, http)) ?? (await openLegacyConnection(url, http)),
  sse: async (url, http) => {
    const connection = await openSseConnection(url, http);
    if (connection === undefined) throw new HandshakeFailure('not_an_mcp_server');
    return connection;
  },
  auto: async (url, http) => {
    try {
      return await OPEN_BY_TRANSPORT['streamable-http'](url, http);
    } catch (error) {
      const older = mayBeOlder(error, http) ? await openSseConnection(url, http) : undefined;
      if (older === undefined) throw error;
      return older;
    }
  },
};

/**
 * Connects to an upstream of either era.
 * @throws HandshakeFailure
 */
export function openConnection(transport: Transport, url: string, http: GuardedClient): Promise<UpstreamConnection> {
  return OPEN_BY_TRANSPORT[transport](url, http);
}

/**
 * Whether the upstream may be an HTTP+SSE server: those reject a POST to this URL with one of these statuses.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility
 */
function mayBeOlder(error: unknown, { failure, lastResponse }: GuardedClient): boolean {
  const isNothingKnown = error instanceof HandshakeFailure && error.code === 'not_an_mcp_server';
  return isNothingKnown && failure === undefined && [400, 404, 405].includes(lastResponse?.httpStatus ?? 0);
}
