import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { Client, SERVER_INFO_META_KEY, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { Dialler } from './dialler.js';
import { eraOfProbe } from './era.js';
import { HandshakeFailure } from './handshake-failure.js';
import { lastResult, rawResult } from './raw-result.js';
import { CLIENT_INFO, type Visit, type VisitFacts } from './visit.js';

const MODERN_VERSION = '2026-07-28';
const ANY_RESULT = z.looseObject({});

/** Probes with `server/discover` and opens a conversation in the modern era; `undefined` when the upstream is older. */
export async function openModernVisit(url: string, dialler: Dialler): Promise<Visit | undefined> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: dialler.fetch });
  const client = new Client(CLIENT_INFO, { capabilities: {}, versionNegotiation: { mode: { pin: MODERN_VERSION } } });
  try {
    await client.connect(transport);
  } catch {
    if (dialler.failure !== undefined) throw dialler.failure;
    if (eraOfProbe(dialler.lastAnswer) === 'legacy') return undefined;
    throw new HandshakeFailure('upstream_protocol_error', { httpStatus: dialler.lastAnswer?.httpStatus });
  }
  return {
    facts: factsOf(lastResult(dialler) ?? {}),
    ask: (method, params) => rawResult(dialler, () => client.request({ method, params }, ANY_RESULT)),
    close: () => client.close(),
  };
}

function factsOf(discovered: JsonObject): VisitFacts {
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
