#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 loses the whole list of tools if it can't compile the `outputSchema` of one of them.
#
# `Client.listTools()` compiles every `outputSchema` for later calls. Expected: a schema that its validator does not take costs
# that one tool its validation, or its calls. Seen: `listTools()` throws the validator's error, so that the other tools can't be
# listed either; the error does not name the tool. Two schemas show it: one that says that it is of draft-04 and is a good one,
# and one with the type `any`, which was a type in draft-03 alone. @modelcontextprotocol/client 2.4.0 lists all tools, fails only
# the calls of that one, and names it. Who serves clients of this SDK has to leave such an output schema out of the list.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact \
  @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 zod@4.4.3 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const CLIENTS = {
  '@modelcontextprotocol/sdk 1.32.2': [OlderClient, OlderTransport],
  '@modelcontextprotocol/client 2.4.0': [Client, StreamableHTTPClientTransport],
};
const draft04 = 'http://json-schema.org/draft-04/schema#';
const SCHEMAS = {
  'a string': { type: 'object', properties: { size: { type: 'string' } } },
  'draft-04': {
    $schema: draft04,
    type: 'object',
    properties: { size: { type: 'number', minimum: 0, exclusiveMinimum: true } },
  },
  'type any': { type: 'object', properties: { size: { type: 'any' } } },
};

/** A server with two tools, of which `measure` has this output schema; what a client can do with them. */
async function seenBy([ClientClass, Transport], outputSchema) {
  const inputSchema = { type: 'object' };
  const RESULTS = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
    'tools/list': { tools: [{ name: 'hello', inputSchema }, { name: 'measure', inputSchema, outputSchema }] },
    'tools/call': { content: [{ type: 'text', text: 'called' }], structuredContent: {} },
  };
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method } = await json(request);
    if (id === undefined) return response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new ClientClass({ name: 'c', version: '1' });
  await client.connect(new Transport(new URL(`http://127.0.0.1:${server.address().port}/mcp`)));
  const failed = (error) => `fails (${error.message})`;
  const list = await client.listTools().then(({ tools }) => tools.map(({ name }) => name).join(' and '), failed);
  const call = await client.callTool({ name: 'measure' }).then(({ content }) => content[0].text, failed);
  await client.close();
  server.closeAllConnections();
  server.close();
  return { list, call };
}

console.log(`Node.js ${process.version}`);
const seen = [];
for (const [name, client] of Object.entries(CLIENTS)) {
  for (const [what, schema] of Object.entries(SCHEMAS)) {
    const { list, call } = await seenBy(client, schema);
    console.log(`${name}, ${what}: the list ${list}; the call of measure ${call}`);
    seen.push(list === 'hello and measure', call === 'called');
  }
}
const isAsSeen = seen.join() === 'true,true,false,true,false,true,true,true,true,false,true,false';
if (!isAsSeen) console.log('CHANGED: before, the first client listed nothing with the last two schemas, and the second one all');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
