import type { JsonObject, UpstreamFacts } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Dialler } from './dialler.js';
import { HandshakeFailure } from './handshake-failure.js';
import type { VisitFacts } from './visit.js';

/** The protocol versions of the legacy era that Lethe serves, by transport. */
const VERSIONS: Record<UpstreamFacts['transport'], readonly string[]> = {
  'streamable-http': ['2025-11-25', '2025-06-18', '2025-03-26'],
  sse: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
};

/** What the answer to `initialize` says. Throws `upstream_protocol_error` for a version that is not spoken here. */
export function initializedFacts(
  initialized: JsonObject | undefined,
  transport: UpstreamFacts['transport'],
  sessionId?: string,
): VisitFacts {
  const { protocolVersion, serverInfo, capabilities, instructions } = initialized ?? {};
  if (typeof protocolVersion !== 'string' || !VERSIONS[transport].includes(protocolVersion)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  return {
    era: 'legacy',
    protocolVersion,
    transport,
    sessionful: sessionId !== undefined,
    ...(sessionId === undefined ? {} : { sessionIdBytes: sessionId.length }),
    serverInfo: isObject(serverInfo) ? serverInfo : {},
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
  };
}

/** Why `initialize` led nowhere although the upstream answered: it is something else, or it is broken. */
export function refusalOf(dialler: Dialler): HandshakeFailure {
  const { message, httpStatus } = dialler.lastAnswer ?? {};
  const isMcp = message !== undefined && message.jsonrpc === '2.0' && ('result' in message || httpStatus === 200);
  return new HandshakeFailure(isMcp ? 'upstream_protocol_error' : 'not_an_mcp_server', { httpStatus });
}
