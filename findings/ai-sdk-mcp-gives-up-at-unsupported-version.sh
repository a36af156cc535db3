#!/usr/bin/env bash
# @ai-sdk/mcp 2.0.99 gives up at the error that MCP prescribes for a version that a server does not support.
#
# MCP 2026-07-28 says what a server answers to a version that it does not speak: HTTP 400, JSON-RPC error -32022, and in
# `data.supported` the versions that it does. Expected: a client that speaks one of those goes on with it. Seen: `createMCPClient`
# throws and never sends `initialize`, although it speaks 2025-11-25 itself; its message says that this is on purpose. To an error
# that says less it falls back: -32601, and even the same -32022 with an id of null. @modelcontextprotocol/client 2.4.0 (mode
# `auto`) falls back in all three cases. So a server of the older versions that wants this client must not send the prescribed
# error.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @ai-sdk/mcp@2.0.99 @modelcontextprotocol/client@2.4.0 zod@4.4.3 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createMCPClient } from '@ai-sdk/mcp';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const supported = ['2025-11-25', '2025-06-18', '2025-03-26'];
const unsupported = { code: -32022, message: 'Unsupported protocol version', data: { supported, requested: '2026-07-28' } };
const REFUSALS = {
  '-32022': { error: unsupported },
  '-32022, id null': { error: unsupported, id: null },
  '-32601': { error: { code: -32601, message: 'Method not found' } },
};
const RESULTS = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
  'tools/list': { tools: [{ name: 'hello', inputSchema: { type: 'object' } }] },
};

/** A server of 2025-11-25 that refuses `server/discover` so; what a client sends to it, and what comes of it. */
async function connect(refusal, client) {
  const got = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = await json(request);
    got.push(method);
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    };
    if (method === 'server/discover') return answer(400, refusal);
    if (id === undefined) return response.writeHead(202).end();
    answer(200, { result: RESULTS[method] ?? {} });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/mcp`;
  const outcome = await client(url).catch((error) => `${error.name}: ${error.message}`);
  server.closeAllConnections();
  server.close();
  return { outcome, isInitialized: got.includes('initialize') };
}

const CLIENTS = {
  '@ai-sdk/mcp': async (url) => Object.keys(await (await createMCPClient({ transport: { type: 'http', url } })).tools()),
  '@modelcontextprotocol/client': async (url) => {
    const client = new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    return (await client.listTools()).tools.map(({ name }) => name);
  },
};

console.log(`@ai-sdk/mcp 2.0.99, @modelcontextprotocol/client 2.4.0, Node.js ${process.version}`);
const seen = [];
for (const [name, client] of Object.entries(CLIENTS)) {
  for (const [what, refusal] of Object.entries(REFUSALS)) {
    const { outcome, isInitialized } = await connect(refusal, client);
    console.log(`${name}, 400 ${what}: initialize ${isInitialized ? 'sent' : 'never sent'}, ${String(outcome)}`);
    seen.push(isInitialized && String(outcome) === 'hello');
  }
}
const isAsSeen = seen.join() === 'false,true,true,true,true,true';
if (!isAsSeen) console.log('CHANGED: before, all but the first fell back to initialize and listed the tool');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
