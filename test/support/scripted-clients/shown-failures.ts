import type { Answer } from './client-wire.js';
import { FURTHER_CLIENTS } from './further-clients.js';
import type { RecordedClient } from './recorded-client.js';
import { RECORDED_CLIENTS } from './recorded-clients.js';

type RpcError = NonNullable<Answer['error']>;
/** The text that a client shows to its person or model for a JSON-RPC error. */
type ShowsError = (error: RpcError) => string;

const message: ShowsError = ({ message: text }) => text;
const withCode: ShowsError = ({ code, message: text }) => `MCP error ${code}: ${text}`;
const withData: ShowsError = ({ code, message: text, data }) => `Mcp error: ${code}: ${text}(${JSON.stringify(data)})`;
const after =
  (prefix: string, shows: ShowsError): ShowsError =>
  (error) =>
    prefix + shows(error);
/** mcporter 0.12.3 takes every message with these digits for an HTTP 401, and hides it behind its own. */
const unlessItLooksUnauthorized: ShowsError = (error) =>
  withCode(error).includes('401') ? "Authorization required for up. Run 'mcporter auth up'" : withCode(error);

/** How each client was seen to show a JSON-RPC error. A tool result it shows by its text. */
const SHOWS: Record<string, ShowsError> = {
  'Claude Code 2.1.328': message,
  '@openai/codex 0.171.0': after('tool call failed for `up/echo` Caused by: ', withData),
  '@google/gemini-cli 0.61.0': withCode,
  'opencode-ai 1.18.33': withCode,
  '@github/copilot 1.0.102': after("MCP server 'up': McpError: ", withCode),
  'qwen-code 0.24.4': message,
  'cline 3.0.65': withCode,
  '@continuedev/cli 1.5.47': after('Error executing tool echo: ', withCode),
  'mcp-remote 0.15.1': after('McpError: ', withCode),
  'mcporter 0.12.3': unlessItLooksUnauthorized,
  '@apify/mcpc 0.2.6': after('Error: Failed to call tool echo: ', withCode),
  '@modelcontextprotocol/inspector --cli 2.12.0': message,
  '@modelcontextprotocol/inspector --cli, auto 2.12.0': message,
  '@ai-sdk/mcp 2.0.99': after('MCPClientError: ', message),
  '@langchain/mcp-adapters 1.1.4': after('ToolException: Error calling tool echo: McpError: ', withCode),
  '@mastra/mcp 2.0.0': after('ProtocolError: ', message),
  '@openai/agents 0.20.0': after('ProtocolError: ', message),
  '@genkit-ai/mcp 1.42.0': after('McpError: ', withCode),
  '@modelcontextprotocol/client 2.4.0': after('ProtocolError: ', message),
  '@modelcontextprotocol/client, auto 2.4.0': after('ProtocolError: ', message),
  '@modelcontextprotocol/sdk 1.32.2': after('McpError: ', withCode),
  'Python mcp 2.3.0': after('MCPError: ', message),
  'FastMCP 4.2.3': after('McpError: ', message),
  'Python mcp 1.30.0': after('McpError: ', message),
  'Go SDK 1.8.0': after('calling "tools/call": ', message),
  'Rust rmcp 3.11.0, Auto': withData,
  'Java SDK 2.1.0': message,
};

/** A client, and what it shows of the answer to a tool call. */
export interface ShowingClient {
  readonly name: string;
  readonly recorded: RecordedClient;
  readonly shows: (answer: Answer) => string;
}

/** All clients of which it is known. */
export const SHOWING_CLIENTS: ShowingClient[] = [...RECORDED_CLIENTS, ...FURTHER_CLIENTS].map((recorded) => {
  const showsError = SHOWS[recorded.name];
  if (!showsError) throw new Error(`how ${recorded.name} shows an error is not known`);
  return {
    name: recorded.name,
    recorded,
    shows: ({ error, result }) => (error ? showsError(error) : (result?.content ?? []).map(({ text }) => text).join()),
  };
});
