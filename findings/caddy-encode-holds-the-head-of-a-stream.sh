#!/usr/bin/env bash
# Caddy 2.6.2 (Debian 12) with `encode gzip` holds back the head of a response until the first byte of its body.
#
# Expected: a stream of events is not compressed (its media type is not in Caddy's list), so `encode` does not touch it: the
# client gets the head when the upstream sends it, as without `encode`. Seen: the client gets status and headers together
# with the first byte of the body, here after 2 s. A server that has nothing to say yet must send a comment at once. Caddy
# 2.11.9 does not wait.
set -euo pipefail
tmp=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download caddy=2.6.2-5 >/dev/null 2>&1
dpkg -x caddy_2.6.2*.deb .
export XDG_CONFIG_HOME=$tmp XDG_DATA_HOME=$tmp
cat >check.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const upstream = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  setTimeout(() => response.end('data: 1\n\n'), 2_000);
}).listen(0, '127.0.0.1');
await once(upstream, 'listening');
const [plain, encoding] = [await freePort(), await freePort()];
const site = (port, more) => `http://:${port} {\n${more}\treverse_proxy 127.0.0.1:${upstream.address().port}\n}\n`;
writeFileSync('Caddyfile', `{\n\tadmin off\n\tauto_https off\n}\n${site(plain, '')}${site(encoding, '\tencode gzip\n')}`);
const caddy = spawn('./usr/bin/caddy', ['run', '--adapter', 'caddyfile', '--config', 'Caddyfile'], { stdio: 'ignore' });

async function headMs(port) {
  const start = Date.now();
  const request = get({ host: '127.0.0.1', port, agent: false, headers: { 'accept-encoding': 'gzip' } });
  const [response] = await once(request, 'response');
  const ms = Date.now() - start;
  const coding = response.headers['content-encoding'];
  response.resume();
  await once(response, 'end');
  return { ms, coding };
}

for (let n = 0; n < 100; n++) {
  if (await headMs(plain).catch(() => undefined)) break;
  await sleep(100);
}
const [without, withEncode] = [await headMs(plain), await headMs(encoding)];
caddy.kill();
upstream.close();
console.log('head of the stream, without encode:', without);
console.log('head of the stream, with encode gzip:', withEncode);
const isAsSeen = without.ms < 1_000 && withEncode.ms >= 1_900 && withEncode.coding === undefined;
if (!isAsSeen) console.log('CHANGED: seen before were a head at once, and one after 2 s, not compressed');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
