#!/usr/bin/env bash
# @genkit-ai/mcp 1.42.0 cannot call a tool whose input schema says that it is of JSON Schema 2020-12, the dialect of MCP.
#
# MCP 2025-11-25 makes 2020-12 the dialect of schemas that name none, and a schema may name it. The official server package
# @modelcontextprotocol/server 2.4.0 writes it as `$schema` into each tool that is declared with Zod. Expected: a call works. Seen:
# Genkit lists the tool, but its call throws `no schema with key or ref "https://json-schema.org/draft/2020-12/schema"` before
# anything is sent. It can call the same tool of a server of @modelcontextprotocol/sdk 1.32.2, whose schemas name draft-07; the
# client of that package can call both.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @genkit-ai/mcp@1.42.0 genkit@1.42.0 \
  @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/sdk@1.32.2 zod@4.4.3 >/dev/null 2>&1
server() {
  cat <<JS
import { appendFileSync } from 'node:fs';
import { McpServer } from '$1';
import { StdioServerTransport } from '$2';
import { z } from 'zod';

const server = new McpServer({ name: 'server', version: '1' });
const inputSchema = z.object({ name: z.string() });
const greet = ({ name }) => {
  appendFileSync('calls.log', 'called\n');
  return { content: [{ type: 'text', text: 'hello ' + name }] };
};
server.registerTool('greet', { description: 'Greets', inputSchema }, greet);
await server.connect(new StdioServerTransport());
JS
}
server @modelcontextprotocol/server @modelcontextprotocol/server/stdio >server-2.4.0.mjs
server @modelcontextprotocol/sdk/server/mcp.js @modelcontextprotocol/sdk/server/stdio.js >sdk-1.32.2.mjs
cat >check.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import { createMcpClient } from '@genkit-ai/mcp';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { genkit } from 'genkit';

const given = { name: 'you' };

async function withGenkit(mcpServer) {
  const client = createMcpClient({ name: 'client', mcpServer });
  await client.ready();
  const [tool] = await client.getActiveTools(genkit({}));
  writeFileSync('calls.log', '');
  const outcome = await tool(given).catch(({ message }) => message);
  await client.disable();
  return [outcome, readFileSync('calls.log', 'utf8') === 'called\n'];
}

async function withSdk(mcpServer) {
  const client = new Client({ name: 'client', version: '1' });
  await client.connect(new StdioClientTransport(mcpServer));
  const [{ inputSchema }] = (await client.listTools()).tools;
  const { content } = await client.callTool({ name: 'greet', arguments: given });
  await client.close();
  return [inputSchema.$schema, content[0].text];
}

console.log(`@genkit-ai/mcp 1.42.0, Node.js ${process.version}`);
const seen = [];
for (const name of ['server-2.4.0', 'sdk-1.32.2']) {
  const mcpServer = { command: process.execPath, args: [`${name}.mjs`] };
  const [dialect, bySdk] = await withSdk(mcpServer);
  const [byGenkit, isSent] = await withGenkit(mcpServer);
  console.log(`${name}, $schema ${dialect}`);
  console.log(`  SDK client: ${bySdk}\n  Genkit: ${byGenkit} (${isSent ? 'sent' : 'never sent'})`);
  seen.push([bySdk, byGenkit, isSent]);
}
const refusal = 'no schema with key or ref "https://json-schema.org/draft/2020-12/schema"';
const before = [
  ['hello you', refusal, false],
  ['hello you', 'hello you', true],
];
const isAsSeen = JSON.stringify(seen) === JSON.stringify(before);
if (!isAsSeen) console.log('CHANGED: before, all but the second call greeted');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
