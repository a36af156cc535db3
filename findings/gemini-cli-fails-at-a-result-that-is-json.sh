#!/usr/bin/env bash
# @google/gemini-cli 0.61.0 takes a tool's text for structured content if it is JSON, and fails the call if that is no object.
#
# Expected: a result of one text goes to the model as it is, whatever the text; `structuredContent` is a field of its own, and was
# not sent. Seen: a call whose text is `one` or `{"a":1}` reaches the model. One whose text is `1`, `true`, `null`, `"one"` or
# `[1]` is an error for it: "expected record, received number", at the path `structuredContent`. So this client can't use tools
# that answer with a number, with true or false, or with a list as JSON. The model here is one of our own on loopback, which calls
# each tool once.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @google/gemini-cli@0.61.0 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const TEXTS = ['one', '{"a":1}', '1', 'true', 'null', '"one"', '[1]'];
const tools = TEXTS.map((_, index) => ({ name: `tool${index}`, inputSchema: { type: 'object' } }));
const seen = new Map();

/** A server whose tools answer with one text each. */
function mcp({ method, params }) {
  if (method === 'tools/list') return { tools };
  if (method === 'tools/call') return { content: [{ type: 'text', text: TEXTS[params.name.slice('tool'.length)] }] };
  if (method !== 'initialize') return {};
  return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } };
}

/** A model that calls all tools at once, notes their results, and is done. */
function model({ contents }) {
  const results = contents.flatMap(({ parts }) => parts).flatMap(({ functionResponse }) => functionResponse ?? []);
  for (const { name, response } of results) seen.set(TEXTS[name.slice('mcp_s_tool'.length)], response);
  const calls = tools.map(({ name }) => ({ functionCall: { name: `mcp_s_${name}`, args: {} } }));
  const parts = results.length > 0 ? [{ text: 'done' }] : calls;
  return { candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }] };
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return response.writeHead(405).end();
  const body = await json(request);
  const isStream = request.url.includes(':stream');
  if (request.url === '/mcp' && body.id === undefined) return response.writeHead(202).end();
  const answer = request.url === '/mcp' ? { jsonrpc: '2.0', id: body.id, result: mcp(body) } : model(body);
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  response.end(isStream ? `data: ${JSON.stringify(answer)}\n\n` : JSON.stringify(answer));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
mkdirSync('.gemini');
const settings = {
  mcpServers: { s: { httpUrl: `${origin}/mcp` } },
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, disableAutoUpdate: true },
};
writeFileSync('.gemini/settings.json', JSON.stringify(settings));
const env = { PATH: process.env.PATH, HOME: process.cwd(), GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: origin };
const args = ['node_modules/.bin/gemini', '--skip-trust', '--yolo', '-m', 'gemini-2.5-flash', '-p', 'go'];
const gemini = spawn(process.execPath, args, { env, stdio: 'ignore', timeout: 120_000 });
await once(gemini, 'exit');
server.closeAllConnections();
server.close();

console.log(`@google/gemini-cli 0.61.0, Node.js ${process.version}`);
for (const text of TEXTS) {
  const { output, error } = seen.get(text) ?? {};
  const why = /expected record, received \w+/.exec(error)?.[0] ?? error;
  console.log(`text ${text}: the model gets ${output ? `its output ${JSON.stringify(output)}` : `an error (${why})`}`);
}
const isAsSeen = TEXTS.every((text, index) => {
  const { output, error = '' } = seen.get(text) ?? {};
  return index < 2 ? output?.includes(text) : error.includes('structuredContent') && error.includes('expected record');
});
if (!isAsSeen) console.log('CHANGED: before, the first two texts reached the model, and the others were errors');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
