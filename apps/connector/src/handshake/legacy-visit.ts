import type { JsonObject } from '@lethe/contracts';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Dialler } from './dialler.js';
import { HandshakeFailure } from './handshake-failure.js';
import { isObject } from './json.js';
import { lastResult, rawResult } from './raw-result.js';
import { CLIENT_INFO, type Visit, type VisitFacts } from './visit.js';

/** The protocol versions of the legacy era that Lethe serves. */
const VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26'];

/** Opens a conversation in the legacy era, by the SDK that speaks it. */
export async function openLegacyVisit(url: string, dialler: Dialler): Promise<Visit> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: dialler.fetch });
  const client = new Client(CLIENT_INFO, { capabilities: {} });
  dialler.lastAnswer = undefined;
  try {
    await client.connect(transport);
  } catch {
    throw dialler.failure ?? refusalOf(dialler);
  }
  return {
    facts: factsOf(lastResult(dialler), transport.sessionId !== undefined),
    ask: (method, params) => rawResult(dialler, () => client.request({ method, params }, ResultSchema)),
    close: async () => {
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
}

/** Why `initialize` led nowhere although the upstream answered: it is something else, or it is broken. */
function refusalOf(dialler: Dialler): HandshakeFailure {
  const { message, httpStatus } = dialler.lastAnswer ?? {};
  const isMcp = message !== undefined && message.jsonrpc === '2.0' && ('result' in message || httpStatus === 200);
  return new HandshakeFailure(isMcp ? 'upstream_protocol_error' : 'not_an_mcp_server', { httpStatus });
}

function factsOf(initialized: JsonObject | undefined, sessionful: boolean): VisitFacts {
  const { protocolVersion, serverInfo, capabilities, instructions } = initialized ?? {};
  if (typeof protocolVersion !== 'string' || !VERSIONS.includes(protocolVersion)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  return {
    era: 'legacy',
    protocolVersion,
    transport: 'streamable-http',
    sessionful,
    serverInfo: isObject(serverInfo) ? serverInfo : {},
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
  };
}
