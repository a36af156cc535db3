import type { RecordedClient } from './recorded-client.js';
import { RECORDED_CLIENTS } from './recorded-clients.js';

/**
 * Which part of a refusal a client shows, in its output, its log or its error object: the body of the 401, only the message
 * in it, only `WWW-Authenticate`, or the body of the answer to `POST /register`.
 */
export type Shown = 'body' | 'message' | 'challenge' | 'registration' | 'nothing';

/** A client that is not let in: how it asks, and what it shows. */
export interface RefusedClient extends RecordedClient {
  showsOfWrongKey: Shown;
  /** If that differs. */
  showsWithoutKey?: Shown;
}

/** What the recorded clients show, by the beginning of their names. */
const RECORDED: Record<string, Pick<RefusedClient, 'showsOfWrongKey' | 'showsWithoutKey'>> = {
  'Claude Code': { showsOfWrongKey: 'body', showsWithoutKey: 'registration' },
  '@openai/codex': { showsOfWrongKey: 'challenge' },
  '@google/gemini-cli': { showsOfWrongKey: 'nothing' },
  'opencode-ai': { showsOfWrongKey: 'nothing' },
  '@github/copilot': { showsOfWrongKey: 'challenge' },
  'mcp-remote': { showsOfWrongKey: 'registration' },
  'Python mcp': { showsOfWrongKey: 'message' },
  'Go SDK': { showsOfWrongKey: 'challenge' },
  '@ai-sdk/mcp': { showsOfWrongKey: 'body' },
  '@mastra/mcp': { showsOfWrongKey: 'nothing' },
  '@openai/agents': { showsOfWrongKey: 'nothing' },
  FastMCP: { showsOfWrongKey: 'message' },
  'Rust rmcp': { showsOfWrongKey: 'challenge' },
};

/** Clients of which only is known how they begin, what they do after a 401, and what they show. */
const OTHERS: Pick<RefusedClient, 'name' | 'begins' | 'attempts' | 'whenUnauthorized' | 'showsOfWrongKey'>[] = [
  { name: 'qwen-code 0.24.4', begins: 'initialize', attempts: 2, whenUnauthorized: [], showsOfWrongKey: 'nothing' },
  { name: 'cline 3.0.65', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'nothing' },
  { name: '@continuedev/cli 1.5.47', begins: 'initialize', attempts: 2, whenUnauthorized: [], showsOfWrongKey: 'body' },
  { name: 'mcporter 0.12.3', begins: 'initialize', whenUnauthorized: ['GET {path}'], showsOfWrongKey: 'nothing' },
  { name: '@apify/mcpc 0.2.6', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'body' },
  { name: 'MCP Inspector 2.12.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'body' },
  {
    name: '@langchain/mcp-adapters 1.1.4',
    begins: 'initialize',
    whenUnauthorized: ['GET {path}', 'GET /servers/refuses/sse'],
    showsOfWrongKey: 'body',
  },
  { name: '@genkit-ai/mcp 1.42.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'body' },
  { name: '@modelcontextprotocol/client 2.4.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'body' },
  {
    name: '@modelcontextprotocol/client 2.4.0, auto',
    begins: 'server/discover',
    whenUnauthorized: [],
    showsOfWrongKey: 'nothing',
  },
  { name: '@modelcontextprotocol/sdk 1.32.2', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'body' },
  { name: 'Python mcp 1.30.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'challenge' },
  { name: 'Rust rmcp 3.11.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'challenge' },
  { name: 'Java SDK 2.1.0', begins: 'initialize', whenUnauthorized: [], showsOfWrongKey: 'challenge' },
];

const recorded = (name: string): RecordedClient => {
  const found = RECORDED_CLIENTS.find((client) => client.name.startsWith(name));
  if (!found) throw new Error(`${name} is not recorded`);
  return found;
};

/** Each client that is known, with what it shows when it is not let in. */
export const REFUSED_CLIENTS: RefusedClient[] = [
  ...RECORDED_CLIENTS.map((client) => ({ ...client, ...shownBy(client) })),
  {
    ...recorded('opencode-ai'),
    ...{ name: 'opencode-ai 1.18.33, with its default oauth', showsOfWrongKey: 'registration' },
    whenUnauthorized: ['GET {path}', ...(recorded('Claude Code').withoutKey ?? [])],
  },
  ...OTHERS.map((client) => ({ ...recorded('@google/gemini-cli'), ...client })),
];

function shownBy({ name }: RecordedClient): (typeof RECORDED)[string] {
  const [, shown] = Object.entries(RECORDED).find(([beginning]) => name.startsWith(beginning)) ?? [];
  if (!shown) throw new Error(`What ${name} shows is not known`);
  return shown;
}
