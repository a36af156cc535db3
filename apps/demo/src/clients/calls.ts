import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { setTimeout as pause } from 'node:timers/promises';

const PUBLISH_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 100;
const NOT_YET = new Set([401, 404, 503]);

/** Waits until the proxy serves this endpoint to this caller: publishing is asynchronous. */
export async function served(endpoint: string, headers: Record<string, string>): Promise<void> {
  const deadline = Date.now() + PUBLISH_TIMEOUT_MS;
  for (;;) {
    const response = await fetch(endpoint, { headers: { ...headers, accept: 'text/event-stream' } });
    await response.body?.cancel();
    if (!NOT_YET.has(response.status)) return;
    if (Date.now() > deadline) throw new Error(`${endpoint} still answers ${response.status}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Uses a virtual server through the official MCP client, with these headers on every request. */
export async function asClient<T>(
  endpoint: string,
  headers: Record<string, string>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: 'lethe-demo', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } }));
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/**
 * Calls a tool and returns the text of its result.
 * @throws Error with that text when the result is an error
 */
export async function callTool(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
  const said = result.content.map((block) => (block.type === 'text' ? block.text : block.type)).join(' ');
  if (result.isError === true) throw new Error(said);
  return said;
}

/**
 * Returns the error of a rejected call.
 * @throws Error if the call was not rejected
 */
export async function rejectionOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof McpError) return `${error.message}\n${JSON.stringify(error.data)}`;
    return error instanceof Error ? error.message : 'refused';
  }
  throw new Error('the call without the upstream credential was not rejected');
}
