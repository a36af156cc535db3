import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { GuardedClient } from '../client/guarded-client.js';
import { type ClientCapabilities, decline } from './client-capabilities.js';
import { factsFromInitialize, initializeFailure } from './initialize-result.js';
import { lastResult, rawResult } from './raw-result.js';
import { CLIENT_INFO, type UpstreamConnection } from './upstream-connection.js';

/**
 * Connects to an upstream of the legacy era, with the SDK for that era.
 * @throws HandshakeFailure
 */
export async function openLegacyConnection(
  url: string,
  http: GuardedClient,
  capabilities: ClientCapabilities,
): Promise<UpstreamConnection> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: http.fetch });
  const client = new Client(CLIENT_INFO, { capabilities });
  http.lastResponse = undefined;
  http.onServerRequest = decline;
  const close = async (): Promise<void> => {
    await transport.terminateSession().catch(() => undefined);
    await client.close();
  };
  try {
    await connect(client, transport, http);
    return {
      facts: factsFromInitialize(lastResult(http), 'streamable-http', transport.sessionId),
      request: (method, params) => rawResult(http, () => client.request({ method, params }, ResultSchema)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(client: Client, transport: StreamableHTTPClientTransport, http: GuardedClient): Promise<void> {
  try {
    await client.connect(transport);
  } catch {
    throw http.failure ?? initializeFailure(http);
  }
}
