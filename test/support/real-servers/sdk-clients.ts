import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** The clients that are compared: the SDK of the legacy era, and its successor, which asks first or speaks one era. */
export const SDK_CLIENTS = { legacy: connectLegacy, auto: connectAuto, pinned: connectPinned } as const;
export type SdkClientName = keyof typeof SDK_CLIENTS;

/** A client that is connected, and the version that was agreed on. */
export interface SdkClient {
  client: LegacyClient | ModernClient;
  protocolVersion: string;
}

/** What every client says when it is asked; the forms of all servers here have these members at most. */
export const FORM_ANSWER = { action: 'accept', content: { sure: true } } as const;

const IDENTITY = { name: 'lethe-comparison', version: '1.0.0' };
const CAPABILITIES = { capabilities: { elicitation: { form: {} } } };

async function connectLegacy(url: string, headers: Record<string, string> = {}): Promise<SdkClient> {
  const client = new LegacyClient(IDENTITY, CAPABILITIES);
  client.setRequestHandler(ElicitRequestSchema, () => FORM_ANSWER);
  const transport = new LegacyTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return { client, protocolVersion: transport.protocolVersion ?? '' };
}

function connectAuto(url: string, headers: Record<string, string> = {}): Promise<SdkClient> {
  return connectSuccessor(url, headers, 'auto');
}

function connectPinned(url: string, headers: Record<string, string> = {}): Promise<SdkClient> {
  return connectSuccessor(url, headers, { pin: '2026-07-28' });
}

async function connectSuccessor(
  url: string,
  headers: Record<string, string>,
  mode: 'auto' | { pin: string },
): Promise<SdkClient> {
  const client = new ModernClient(IDENTITY, { ...CAPABILITIES, versionNegotiation: { mode } });
  client.setRequestHandler('elicitation/create', () => FORM_ANSWER);
  await client.connect(new ModernTransport(new URL(url), { requestInit: { headers } }));
  return { client, protocolVersion: client.getNegotiatedProtocolVersion() ?? '' };
}
