import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import type { Session } from '../sessions/sessions.js';
import { neededCapability } from '../protocol/capabilities.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import { Elicitations } from './elicitations.js';
import type { SealedIds } from './sealed-ids.js';
import type { ServerRequestPolicy } from './message-rewriter.js';

/** Allows no server request. Each gets a local response. */
export const NO_SERVER_REQUESTS: ServerRequestPolicy = {
  elicitations: undefined,
  isAllowed: () => false,
  sealRequest: () => '',
  sealProgress: () => '',
};

/**
 * Which requests of a gateway reach the client of this session.
 * @param ephemeralSession the session that was opened for one call, when the client's token has none with this gateway
 */
export function serverRequestPolicy(
  session: Session,
  ids: SealedIds,
  access: UpstreamAccess,
  ephemeralSession: UpstreamSession | undefined,
): ServerRequestPolicy {
  const gateway = access.gateway.slug;
  return {
    elicitations: Elicitations.of(access),
    isAllowed: (method) => method === 'ping' || session.offers(neededCapability(method)),
    sealRequest: (own) => ids.sealRequest(session, { gateway, ephemeralSession, own }),
    sealProgress: (own) => ids.sealProgress(session, { gateway, ephemeralSession, own }),
  };
}
