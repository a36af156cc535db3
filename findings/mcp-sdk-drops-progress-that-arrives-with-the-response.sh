#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0 and @modelcontextprotocol/sdk 1.32.2, over stdio: `onprogress` is not called for progress that
# arrives in the same read as the response that follows it.
#
# The server sends five `notifications/progress` and then the response, in this order, as the specification asks (MCP 2025-11-25,
# progress: notifications stop after completion). Expected: five calls of `onprogress`, however the bytes are cut. Seen: five if the
# response comes 100 ms later, none if all of it is one write. Only the order of bytes is the server's: pipes and relays join them.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/sdk@1.32.2 >/dev/null 2>&1
cat >server.js <<'JS'
import { createInterface } from 'node:readline';

const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const send = (text, sent) => process.stdout.write(text, sent);
const serverInfo = { name: 'counter', version: '1' };

createInterface({ input: process.stdin }).on('line', (text) => {
  const { id, method, params } = JSON.parse(text);
  if (method === 'initialize') {
    send(line({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } }));
  } else if (method === 'tools/call') {
    const { progressToken } = params._meta;
    const progress = [1, 2, 3, 4, 5].map((step) =>
      line({ method: 'notifications/progress', params: { progressToken, progress: step, total: 5 } }),
    );
    const response = line({ id, result: { content: [] } });
    if (params.name === 'one write') send(progress.join('') + response);
    else send(progress.join(''), () => setTimeout(() => send(response), 100));
  } else if (id !== undefined) send(line({ id, error: { code: -32601, message: 'Method not found' } }));
});
JS
cat >check.js <<'JS'
import * as next from '@modelcontextprotocol/client';
import * as nextStdio from '@modelcontextprotocol/client/stdio';
import * as current from '@modelcontextprotocol/sdk/client/index.js';
import * as currentStdio from '@modelcontextprotocol/sdk/client/stdio.js';

const CLIENTS = {
  'client 2.4.0': { ...next, ...nextStdio, args: (options) => [options] },
  'sdk 1.32.2': { ...current, ...currentStdio, args: (options) => [undefined, options] },
};
const seen = {};
for (const [name, { Client, StdioClientTransport, args }] of Object.entries(CLIENTS)) {
  const client = new Client({ name: 'check', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: ['server.js'] }));
  for (const way of ['one write', 'apart']) {
    let steps = 0;
    await client.callTool({ name: way, arguments: {} }, ...args({ onprogress: () => (steps += 1) }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log(`${name}, ${way}: onprogress was called ${steps} times`);
    seen[`${name}, ${way}`] = steps;
  }
  await client.close();
}
console.log('Node.js', process.version);
const isAsSeen = Object.entries(seen).every(([which, steps]) => steps === (which.endsWith('apart') ? 5 : 0));
if (!isAsSeen) console.log('CHANGED: before, it was 5 times apart, and never in one write');
process.exit(isAsSeen ? 0 : 1);
JS
node check.js
