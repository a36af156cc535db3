import type { RecordedClient } from './recorded-client.js';
import { FURTHER_CLIENTS } from './further-clients.js';
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

/** What they show, by the beginning of their names; the longest that fits counts. */
const SHOWN: Record<string, Pick<RefusedClient, 'showsOfWrongKey' | 'showsWithoutKey'>> = {
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
  'qwen-code': { showsOfWrongKey: 'nothing' },
  cline: { showsOfWrongKey: 'nothing' },
  '@continuedev/cli': { showsOfWrongKey: 'body' },
  mcporter: { showsOfWrongKey: 'nothing' },
  '@apify/mcpc': { showsOfWrongKey: 'body' },
  '@modelcontextprotocol/inspector': { showsOfWrongKey: 'body' },
  '@langchain/mcp-adapters': { showsOfWrongKey: 'body' },
  '@genkit-ai/mcp': { showsOfWrongKey: 'body' },
  '@modelcontextprotocol/client': { showsOfWrongKey: 'body' },
  '@modelcontextprotocol/client, auto': { showsOfWrongKey: 'nothing' },
  '@modelcontextprotocol/sdk': { showsOfWrongKey: 'body' },
  'Python mcp 1.30.0': { showsOfWrongKey: 'challenge' },
  'Java SDK': { showsOfWrongKey: 'challenge' },
};

const recorded = (name: string): RecordedClient => {
  const found = RECORDED_CLIENTS.find((client) => client.name.startsWith(name));
  if (!found) throw new Error(`${name} is not recorded`);
  return found;
};

/** Each client that is known, with what it shows when it is not let in. */
export const REFUSED_CLIENTS: RefusedClient[] = [
  ...[...RECORDED_CLIENTS, ...FURTHER_CLIENTS].map((client) => ({ ...client, ...shownBy(client) })),
  {
    ...recorded('opencode-ai'),
    ...{ name: 'opencode-ai 1.18.33, with its default oauth', showsOfWrongKey: 'registration' },
    whenUnauthorized: ['GET {path}', ...(recorded('Claude Code').withoutKey ?? [])],
  },
];

function shownBy({ name }: RecordedClient): (typeof SHOWN)[string] {
  const beginnings = Object.keys(SHOWN).filter((beginning) => name.startsWith(beginning));
  const shown = SHOWN[beginnings.toSorted((one, other) => other.length - one.length)[0] ?? ''];
  if (!shown) throw new Error(`What ${name} shows is not known`);
  return shown;
}
