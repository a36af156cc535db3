import type { RecordedClient } from './recorded-client.js';

/** What was seen of a client that is not recorded request by request; the rest is as with the SDK that it is built on. */
const USUAL = {
  ...{ agent: 'node', encodings: 'gzip, deflate', accept: 'application/json, text/event-stream' },
  ...{ streamAccept: 'text/event-stream', offers: '2025-11-25', firstId: 0, capabilities: {}, sendsVersion: true },
  ...{ stream: 'after initialized', deletes: false, whenUnauthorized: [], begins: 'initialize' },
} as const satisfies Partial<RecordedClient>;
const ROOTS = { roots: { listChanged: true } };

const client = (name: string, version: string, more: Partial<RecordedClient> = {}): RecordedClient => ({
  ...USUAL,
  name: `${name} ${version}`,
  info: { name, version },
  ...more,
});

/** Seen on 2026-11-27 and 2026-11-29: what they open with, declare and end with. */
export const FURTHER_CLIENTS: RecordedClient[] = [
  client('qwen-code', '0.24.4', {
    ...{ agent: 'undici', deletes: true, readsOnePage: true, attempts: 2 },
    capabilities: { ...ROOTS, extensions: { 'io.modelcontextprotocol/ui': {} } },
  }),
  client('cline', '3.0.65', { agent: 'Bun', readsOnePage: true }),
  client('@continuedev/cli', '1.5.47', { readsOnePage: true, attempts: 2 }),
  client('mcporter', '0.12.3', { whenUnauthorized: ['GET {path}'] }),
  client('@apify/mcpc', '0.2.6', { agent: 'undici', deletes: true, capabilities: { ...ROOTS, sampling: {} } }),
  client('@modelcontextprotocol/inspector --cli', '2.12.0', { capabilities: ROOTS }),
  client('@modelcontextprotocol/inspector --cli, auto', '2.12.0', {
    ...{ begins: 'server/discover', listens: true },
    capabilities: ROOTS,
  }),
  client('@langchain/mcp-adapters', '1.1.4', { whenUnauthorized: ['GET {path}', 'GET /servers/refuses/sse'] }),
  client('@genkit-ai/mcp', '1.42.0', { capabilities: ROOTS }),
  client('@modelcontextprotocol/client', '2.4.0'),
  client('@modelcontextprotocol/client, auto', '2.4.0', {
    ...{ begins: 'server/discover', probeId: 'server-discover-probe-1' },
  }),
  client('@modelcontextprotocol/sdk', '1.32.2', { readsOnePage: true }),
  client('Python mcp', '1.30.0'),
  client('Java SDK', '2.1.0'),
];
