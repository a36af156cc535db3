import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Scene } from './harness-upstream.js';

/** What a client does in one scenario, at this endpoint. */
export type ClientPart = (url: string, scene: Scene) => Promise<void>;

const IDENTITY = { name: 'lethe-test', version: '1.0.0' };

/** Parts played by `@modelcontextprotocol/sdk`. */
export const LEGACY_PARTS: Readonly<Record<string, ClientPart>> = {
  initialize: legacyPart((client) => client.listTools()),
  tools_call: legacyPart(async (client) => {
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
  }),
  'elicitation-sep1034-client-defaults': legacyPart(async (client) => {
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
    await client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} });
  }),
  'sse-retry': legacyPart(async (client) => {
    await client.callTool({ name: 'test_reconnection', arguments: {} });
  }),
};

/** Parts played by its successor. */
export const MODERN_PARTS: Readonly<Record<string, ClientPart>> = {
  tools_call: modernPart(async (client) => {
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
  }),
  'request-metadata': modernPart((client) => client.listTools()),
  'json-schema-ref-no-deref': modernPart((client) => client.listTools()),
  'http-standard-headers': modernPart(useEverything),
  'http-invalid-tool-headers': modernPart(async (client) => {
    const { tools } = await client.listTools();
    for (const { name } of tools) await client.callTool({ name, arguments: { region: 'us-west1' } });
  }),
  'http-custom-headers': modernPart(async (client, { context }) => {
    await client.listTools();
    const calls = context['toolCalls'] as { name: string; arguments: Record<string, unknown> }[];
    for (const call of calls) await client.callTool(call);
  }),
  'sep-2322-client-request-state': modernPart(async (client) => {
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirmed: true } }));
    for (const name of ['echo_state', 'no_state', 'unrelated']) {
      await client.callTool({ name: `test_mrtr_${name}`, arguments: {} });
    }
    // Relayed as it came, without the `resultType` that this client insists on; what counts is that it does not retry.
    await client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} }).catch(() => undefined);
  }),
  'json-schema-2020-12-preservation': modernPart(async (client) => {
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
    await client.callTool({ name: 'json_schema_echo', arguments: { schema } });
  }),
};

async function useEverything(client: ModernClient): Promise<void> {
  for (const { name } of (await client.listTools()).tools) await client.callTool({ name, arguments: {} });
  for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
  for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
}

function legacyPart(act: (client: LegacyClient) => Promise<unknown>): ClientPart {
  return async (url) => {
    const client = new LegacyClient(IDENTITY, { capabilities: { elicitation: { form: { applyDefaults: true } } } });
    const { fetch, isListening } = watchStream();
    await client.connect(new LegacyTransport(new URL(url), { fetch }));
    await isListening;
    await act(client);
    await client.close();
  };
}

/** What a server asks outside a call is lost before the client's own stream is open; this tells when it is, or was refused. */
function watchStream(): { fetch: typeof fetch; isListening: Promise<unknown> } {
  const { promise: isListening, resolve } = Promise.withResolvers<unknown>();
  const watched: typeof fetch = async (target, init) => {
    const answer = await fetch(target, init);
    if (init?.method === 'GET') resolve(answer.status);
    return answer;
  };
  return { fetch: watched, isListening };
}

function modernPart(act: (client: ModernClient, scene: Scene) => Promise<unknown>): ClientPart {
  return async (url, scene) => {
    const client = new ModernClient(IDENTITY, {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    });
    await client.connect(new ModernTransport(new URL(url)));
    await act(client, scene);
    await client.close();
  };
}
