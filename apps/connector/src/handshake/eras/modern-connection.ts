import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { Client, SERVER_INFO_META_KEY, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { GuardedClient } from '../client/guarded-client.js';
import type { ClientCapabilities } from './client-capabilities.js';
import { eraFromProbe } from './era-probe.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { lastResult, rawResult } from './raw-result.js';
import { CLIENT_INFO, type UpstreamConnection, type NegotiatedFacts } from './upstream-connection.js';

const MODERN_VERSION = '2026-07-28';
const ANY_RESULT = z.looseObject({});

/**
 * Probes with `server/discover` and connects if the upstream speaks the modern era; `undefined` if it does not.
 * @throws HandshakeFailure
 */
export async function openModernConnection(
  url: string,
  http: GuardedClient,
  capabilities: ClientCapabilities,
): Promise<UpstreamConnection | undefined> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: http.fetch });
  const client = new Client(CLIENT_INFO, { capabilities, versionNegotiation: { mode: { pin: MODERN_VERSION } } });
  try {
    await client.connect(transport);
  } catch {
    if (http.failure !== undefined) throw http.failure;
    if (eraFromProbe(http.lastResponse) === 'legacy') return undefined;
    throw new HandshakeFailure('upstream_protocol_error', { httpStatus: http.lastResponse?.httpStatus });
  }
  return {
    facts: factsOf(lastResult(http) ?? {}),
    request: (method, params) => rawResult(http, () => client.request({ method, params }, ANY_RESULT)),
    close: () => client.close(),
  };
}

function factsOf(discovered: JsonObject): NegotiatedFacts {
  const { capabilities, instructions, _meta } = discovered;
  const serverInfo = isObject(_meta) ? _meta[SERVER_INFO_META_KEY] : undefined;
  return {
    era: 'modern',
    protocolVersion: MODERN_VERSION,
    transport: 'streamable-http',
    sessionful: false,
    serverInfo: isObject(serverInfo) ? serverInfo : {},
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
  };
}
