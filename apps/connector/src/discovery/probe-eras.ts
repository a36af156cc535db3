import type { JsonObject, ProbedEra, UpstreamFacts } from '@lethe/contracts';
import { isObject, LEGACY_VERSIONS, META, MODERN_VERSIONS } from '@lethe/mcp';
import type { ProbeAnswer, ProbeClient } from './probe-client.js';
import { memberOf, shownText, shownTexts } from './shown-text.js';

const [MODERN] = MODERN_VERSIONS;
const [LEGACY] = LEGACY_VERSIONS;
const CLIENT_INFO = { name: 'lethe-connector', version: '1' };
const ACCEPT = 'application/json, text/event-stream';
const UNSUPPORTED_PROTOCOL_VERSION = -32022;
/** A version: not any text of the upstream. */
const VERSION = /^\d{4}-\d{2}-\d{2}$/;

/** What one request found. */
export interface Sighting {
  answer: ProbeAnswer;
  era?: ProbedEra;
  transport?: UpstreamFacts['transport'];
  serverName?: string;
}

/** https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning */
export async function lookForModern(client: ProbeClient, url: string): Promise<Sighting> {
  const meta = {
    [META.protocolVersion]: MODERN,
    [META.clientInfo]: CLIENT_INFO,
    [META.clientCapabilities]: {},
  };
  const headers = { accept: ACCEPT, 'mcp-protocol-version': MODERN, 'mcp-method': 'server/discover' };
  const answer = await client.send(url, { method: 'POST', headers, body: rpc('server/discover', { _meta: meta }) });
  const result = memberOf(answer.message, 'result');
  const error = memberOf(answer.message, 'error');
  const refused = error?.['code'] === UNSUPPORTED_PROTOCOL_VERSION ? memberOf(error, 'data')?.['supported'] : undefined;
  const protocolVersions = versionsIn(result?.['supportedVersions'] ?? refused).filter((version) => version >= MODERN);
  if (protocolVersions.length === 0) return { answer };
  return { answer, era: { era: 'modern', protocolVersions }, transport: 'streamable-http', ...named(result) };
}

/** https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization */
export async function lookForLegacy(client: ProbeClient, url: string): Promise<Sighting> {
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT_INFO };
  const answer = await client.send(url, {
    method: 'POST',
    headers: { accept: ACCEPT },
    body: rpc('initialize', params),
  });
  const result = memberOf(answer.message, 'result');
  const protocolVersions = versionsIn([result?.['protocolVersion']]);
  if (protocolVersions.length === 0) return { answer };
  const session = answer.headers['mcp-session-id'];
  const sessionful = typeof session === 'string';
  if (sessionful) await endSession(client, url, session);
  return {
    answer,
    era: { era: 'legacy', protocolVersions, sessionful },
    transport: 'streamable-http',
    ...named(result),
  };
}

/** https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse */
export async function lookForSse(client: ProbeClient, url: string): Promise<Sighting> {
  const answer = await client.send(url, { method: 'GET', headers: { accept: 'text/event-stream' } });
  if (typeof answer.message?.['endpoint'] !== 'string') return { answer };
  return { answer, era: { era: 'legacy', protocolVersions: [], sessionful: true }, transport: 'sse' };
}

/** A failure here changes nothing: the upstream ends the session by itself. */
async function endSession(client: ProbeClient, url: string, session: string): Promise<void> {
  await client.send(url, { method: 'DELETE', headers: { 'mcp-session-id': session } }).catch(() => undefined);
}

function rpc(method: string, params: JsonObject): JsonObject {
  return { jsonrpc: '2.0', id: 1, method, params };
}

function versionsIn(value: unknown): string[] {
  return (shownTexts(value) ?? []).filter((version) => VERSION.test(version));
}

function named(result: JsonObject | undefined): { serverName?: string } {
  const info = memberOf(result, 'serverInfo') ?? memberOf(memberOf(result, '_meta'), META.serverInfo);
  const serverName = isObject(info) ? shownText(info['title'] ?? info['name']) : undefined;
  return serverName === undefined ? {} : { serverName };
}
