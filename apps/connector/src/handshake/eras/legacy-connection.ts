import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Dialler } from '../client/guarded-client.js';
import { initializedFacts, refusalOf } from './initialize-result.js';
import { lastResult, rawResult } from './raw-result.js';
import { CLIENT_INFO, type Visit } from './upstream-connection.js';

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
    facts: initializedFacts(lastResult(dialler), 'streamable-http', transport.sessionId),
    ask: (method, params) => rawResult(dialler, () => client.request({ method, params }, ResultSchema)),
    close: async () => {
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
}
