#!/usr/bin/env bash
# @apify/mcpc 0.2.6 passes the environment of a stdio server to its bridge process as an argument, and writes it into a log.
#
# Expected: what a configuration names by `"env": { "API_KEY": "${THE_SECRET}" }` reaches the server's environment and nothing
# else; mcpc keeps the headers of HTTP servers in the keychain. Seen: `mcpc connect` expands the variable and starts a process that
# outlives it with the whole server entry, the value included, as its argument. Arguments of a process can be read by all users of
# the machine (`ps`, /proc/<pid>/cmdline). The first lines of ~/.mcpc/logs/bridge-@<session>.log have the same, with mode 0644 in a
# folder of 0700, and stay there after `mcpc @s close`; ~/.mcpc/sessions.json has it while the session lasts. So a secret that was
# kept out of the configuration file by a variable is in two others, and shown to other users. The README describes the
# substitution of variables, and says nothing of this.
set -euo pipefail
tmp=$(mktemp -d)
export HOME=$tmp
trap 'node_modules/.bin/mcpc @s close >/dev/null 2>&1 || true; rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact @apify/mcpc@0.2.6 >/dev/null 2>&1
cat >server.mjs <<'JS'
import { createInterface } from 'node:readline';

const serverInfo = { name: 's', version: '1' };
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const opened = { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
  const result = method === 'initialize' ? opened : { tools: [] };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
JS
cat >mcp.json <<'JSON'
{ "mcpServers": { "s": { "command": "node", "args": ["server.mjs"], "env": { "API_KEY": "${THE_SECRET}" } } } }
JSON
THE_SECRET=tok_of_the_person node_modules/.bin/mcpc connect ./mcp.json:s @s >/dev/null 2>&1
echo "@apify/mcpc 0.2.6, Node.js $(node --version)"
# Not the variable, which stands in the environment of these processes: their arguments.
arguments=$(ps -eo args= | grep -v grep | grep -c 'tok_of_the_person' || true)
node_modules/.bin/mcpc @s close >/dev/null 2>&1
log=$(grep -c 'tok_of_the_person' .mcpc/logs/bridge-@s.log || true)
echo "processes with the secret in their arguments: $arguments"
echo "lines of the log with the secret, after close: $log ($(stat -c %a .mcpc/logs/bridge-@s.log 2>/dev/null || stat -f %Lp .mcpc/logs/bridge-@s.log))"
if [ "$arguments" -gt 0 ] && [ "$log" -gt 0 ]; then exit 0; fi
echo 'CHANGED: before, both had the secret'
exit 1
