import type { Client as ModernClient } from '@modelcontextprotocol/client';
import type { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { answersForms, connectAuto, connectLegacy, connectModern } from '../mcp-clients.js';

/** A client that is connected, and the version that was agreed on. */
export interface SdkClient {
  client: LegacyClient | ModernClient;
  protocolVersion: string;
}

type Connect = (url: string, headers: Record<string, string>) => Promise<SdkClient>;

/** The content of every form that a client is shown; the forms of all servers here have these members at most. */
const CONTENT = { sure: true };

/** The clients that are compared: the SDK of the legacy era, and its successor, which asks first or speaks one era. */
export const SDK_CLIENTS = {
  legacy: async (url, headers) => {
    const client = await connectLegacy(url, headers, { elicitation: { form: {} } }, (preparing) =>
      preparing.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: CONTENT })),
    );
    const { transport } = client;
    return { client, protocolVersion: (transport instanceof LegacyTransport && transport.protocolVersion) || '' };
  },
  auto: async (url, headers) => withVersion(await connectAuto(url, headers, answersForms(CONTENT))),
  pinned: async (url, headers) => withVersion(await connectModern(url, headers, answersForms(CONTENT))),
} as const satisfies Record<string, Connect>;
/** One of `SDK_CLIENTS`. */
export type SdkClientName = keyof typeof SDK_CLIENTS;

function withVersion(client: ModernClient): SdkClient {
  return { client, protocolVersion: client.getNegotiatedProtocolVersion() ?? '' };
}
