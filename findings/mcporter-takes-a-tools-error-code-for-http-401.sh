#!/usr/bin/env bash
# mcporter 0.12.3 takes a JSON-RPC error whose code contains the digits 401 for an HTTP 401.
#
# The MCP server below answers every request with HTTP 200 and asks for no sign-in. Its tool answers with a JSON-RPC error of the
# server's own, outside the reserved range. With the code 1234 mcporter prints that error. With the code 14015 it says
# "Authorization required" and to run its sign-in command, although no response had the status 401: it searches the text of the
# error, which includes the code, for the digits. A server that numbers its errors 4010 to 4019 sends every user to a sign-in that
# does not exist.
set -euo pipefail
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT
cd "$tmp"
export HOME=$tmp
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact mcporter@0.12.3 >/dev/null 2>&1
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';

const results = {
  initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools: ['code-1234', 'code-14015'].map((name) => ({ name, inputSchema: { type: 'object' } })) }),
};
const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return response.writeHead(405).end();
  let body = '';
  for await (const chunk of request) body += chunk;
  const { id, method, params } = JSON.parse(body);
  if (id === undefined) return response.writeHead(202).end();
  const code = Number(params?.name?.slice('code-'.length));
  const answer = results[method] ? { result: results[method]() } : { error: { code, message: 'The tool is closed on Sundays' } };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
});
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
JS
node server.mjs &
server=$!
while [ ! -s port ]; do sleep 0.1; done
printf '{"mcpServers":{"shop":{"url":"http://127.0.0.1:%s/mcp"}}}' "$(cat port)" >config.json

ask() { timeout 60 npx mcporter --config config.json call "shop.$1" 2>&1 || true; }
plain=$(ask code-1234)
digits=$(ask code-14015)
echo "mcporter 0.12.3, Node.js $(node --version)"
echo "code 1234:  ${plain%%$'\n'*}"
echo "code 14015: ${digits%%$'\n'*}"
case "$plain" in *"Authorization required"*) echo "CHANGED: 1234 is taken for a 401, too" && exit 1 ;; esac
case "$digits" in *"Authorization required"*) ;; *) echo "CHANGED: 14015 is no longer taken for a 401" && exit 1 ;; esac
