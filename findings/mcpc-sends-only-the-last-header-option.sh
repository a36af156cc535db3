#!/usr/bin/env bash
# @apify/mcpc 0.2.6 sends only the last of several `-H` options, although its help says that the option can be repeated.
#
# Expected: `mcpc connect <url> -H 'X-One: 1' -H 'X-Two: 2'` sends both headers ("HTTP header (can be repeated)"). Seen: each
# request has X-Two alone, and nothing says that X-One was dropped; with the options in the other order it is X-One alone. A
# server that needs two headers, say a key for a gateway and a token for what is behind it, can be reached only with a
# configuration file (`headers` of an entry), which sends both.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @apify/mcpc@0.2.6 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

const RESULTS = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
  'tools/list': { tools: [{ name: 'hello', inputSchema: { type: 'object' } }] },
};
let got = new Set();
const server = createServer(async (request, response) => {
  got.add(['x-one', 'x-two'].filter((name) => request.headers[name] !== undefined).join(' and '));
  if (request.method !== 'POST') return response.writeHead(405).end();
  const { id, method } = await json(request);
  if (id === undefined) return response.writeHead(202).end();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method] ?? {} }));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/mcp`;

const run = promisify(execFile);
const env = { PATH: process.env.PATH, HOME: process.cwd() };
const mcpc = (...args) => run(process.execPath, ['node_modules/.bin/mcpc', ...args], { env, timeout: 60_000 });

/** Which headers the requests of a session had. */
async function sentBy(...connect) {
  got = new Set();
  await mcpc('connect', ...connect);
  try {
    await mcpc('@session', 'tools-list');
  } finally {
    await mcpc('@session', 'close');
  }
  return [...got].join(' / ');
}

writeFileSync('mcp.json', JSON.stringify({ mcpServers: { s: { url, headers: { 'X-One': '1', 'X-Two': '2' } } } }));
const [one, two] = [['-H', 'X-One: 1'], ['-H', 'X-Two: 2']];
const seen = {
  'X-One, then X-Two': await sentBy(url, '@session', ...one, ...two),
  'X-Two, then X-One': await sentBy(url, '@session', ...two, ...one),
  'both in a file': await sentBy('./mcp.json:s', '@session'),
};
const { stdout: help } = await mcpc('connect', '--help');
server.closeAllConnections();
server.close();
console.log(`@apify/mcpc 0.2.6, Node.js ${process.version}`);
console.log(/^ *-H, .*$/m.exec(help)?.[0].trim());
for (const [options, headers] of Object.entries(seen)) console.log(`${options}: every request had ${headers}`);
const isAsSeen = Object.values(seen).join() === 'x-two,x-one,x-one and x-two' && help.includes('can be repeated');
if (!isAsSeen) console.log('CHANGED: before, only the last header of the command line was sent');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
