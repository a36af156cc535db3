import type { JsonObject, UpstreamFacts } from '@lethe/contracts';
import type { GuardedClient } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { isObject } from '@lethe/mcp';
import type { NegotiatedFacts } from './upstream-connection.js';

/** The legacy protocol versions that Lethe supports, by transport. */
const VERSIONS: Record<UpstreamFacts['transport'], readonly string[]> = {
  'streamable-http': ['2025-11-25', '2025-06-18', '2025-03-26'],
  sse: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
};

/**
 * Reads the result of `initialize`.
 * @throws HandshakeFailure `upstream_protocol_error` if the protocol version is not supported
 */
export function factsFromInitialize(
  initialized: JsonObject | undefined,
  transport: UpstreamFacts['transport'],
  sessionId?: string,
): NegotiatedFacts {
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

/** Why `initialize` failed although the upstream responded: it is not an MCP server, or it breaks the protocol. */
export function initializeFailure(http: GuardedClient): HandshakeFailure {
  const { message, httpStatus } = http.lastResponse ?? {};
  const isMcp = message !== undefined && message.jsonrpc === '2.0' && ('result' in message || httpStatus === 200);
  return new HandshakeFailure(isMcp ? 'upstream_protocol_error' : 'not_an_mcp_server', { httpStatus });
}
