import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const IDENTITY = { name: 'lethe-test', version: '1.0.0' };

/**
 * A client of `@modelcontextprotocol/sdk` (legacy era) with these headers on every request.
 * @param prepare sets what upstreams may ask, before the client connects
 */
export async function connectLegacy(
  url: string,
  headers: Record<string, string>,
  capabilities: ClientCapabilities = {},
  prepare: (client: LegacyClient) => void = () => undefined,
): Promise<LegacyClient> {
  const client = new LegacyClient(IDENTITY, { capabilities });
  prepare(client);
  await client.connect(new LegacyTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

/** A client of the SDK's successor that speaks the modern era and nothing else. */
export async function connectModern(
  url: string,
  headers: Record<string, string>,
  prepare: (client: ModernClient) => void = () => undefined,
): Promise<ModernClient> {
  const client = new ModernClient(IDENTITY, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  prepare(client);
  await client.connect(new ModernTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

/** A client of the SDK's successor that begins with `server/discover`, and falls back to `initialize` where that is refused. */
export async function connectAuto(
  url: string,
  headers: Record<string, string> = {},
  prepare: (client: ModernClient) => void = () => undefined,
): Promise<ModernClient> {
  const client = new ModernClient(IDENTITY, { versionNegotiation: { mode: 'auto' } });
  prepare(client);
  await client.connect(new ModernTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

/** Lets a modern client be asked things: what it answers to forms, and what else it can. */
export function answersForms(content: Record<string, string | number | boolean>): (client: ModernClient) => void {
  return (client) => {
    client.registerCapabilities({ elicitation: { form: {} } });
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content }));
  };
}
