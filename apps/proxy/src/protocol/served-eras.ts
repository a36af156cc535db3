import { LEGACY_VERSIONS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/**
 * Why a virtual server does not serve this modern request; undefined if it does. A refused `server/discover` gets the error
 * of a server without that method: all clients that begin with it then fall back to `initialize`. Several of them give up
 * at the error about unsupported versions, which every other refused request gets (docs/operations/eras.md).
 * @param requested protocol version of the request, if it has a readable one
 */
export function eraRefusal(
  server: VirtualServer,
  method: string | undefined,
  requested: string | undefined,
): LetheError | undefined {
  const { eras = 'auto' } = server.manifest;
  if (eras === 'both') return undefined;
  if (method === 'server/discover') {
    const gateways = server.gateways.filter(losesSessions).map(({ slug }) => slug);
    return eras === 'legacy' || gateways.length > 0
      ? new LetheError('discover_refused', { eras, gateways })
      : undefined;
  }
  if (eras === 'auto') return undefined;
  // https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
  return new LetheError('era_refused', {
    supported: [...LEGACY_VERSIONS],
    ...(requested !== undefined && { requested }),
  });
}

/** Whether modern clients would lose what lasts from call to call in a session of this gateway. */
function losesSessions({ closed, servedIn }: Gateway): boolean {
  return !closed && servedIn.modern.era === 'legacy' && servedIn.modern.isSessionful;
}
