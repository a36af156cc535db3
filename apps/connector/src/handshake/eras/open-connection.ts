import type { Transport } from '@lethe/contracts';
import type { Dialler } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { openLegacyVisit } from './legacy-connection.js';
import { openModernVisit } from './modern-connection.js';
import { openSseVisit } from './sse-connection.js';
import type { Visit } from './upstream-connection.js';

type OpenVisit = (url: string, dialler: Dialler) => Promise<Visit>;

/** How a conversation is opened, by what the order says of the transport. */
const OPENINGS: Record<Transport, OpenVisit> = {
  'streamable-http': async (url, dialler) =>
    (await openModernVisit(url, dialler)) ?? (await openLegacyVisit(url, dialler)),
  sse: async (url, dialler) => {
    const visit = await openSseVisit(url, dialler);
    if (visit === undefined) throw new HandshakeFailure('not_an_mcp_server');
    return visit;
  },
  auto: async (url, dialler) => {
    try {
      return await OPENINGS['streamable-http'](url, dialler);
    } catch (error) {
      const older = mayBeOlder(error, dialler) ? await openSseVisit(url, dialler) : undefined;
      if (older === undefined) throw error;
      return older;
    }
  },
};

/** Opens a conversation with an upstream, whatever its era. Throws HandshakeFailure. */
export function openVisit(transport: Transport, url: string, dialler: Dialler): Promise<Visit> {
  return OPENINGS[transport](url, dialler);
}

/**
 * Statuses by which a server says that it knows no POST here, as those of the HTTP+SSE transport do.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility
 */
function mayBeOlder(error: unknown, { failure, lastAnswer }: Dialler): boolean {
  const isNothingKnown = error instanceof HandshakeFailure && error.code === 'not_an_mcp_server';
  return isNothingKnown && failure === undefined && [400, 404, 405].includes(lastAnswer?.httpStatus ?? 0);
}
