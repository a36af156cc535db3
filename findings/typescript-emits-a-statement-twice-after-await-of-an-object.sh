#!/usr/bin/env bash
# typescript 6.0.3: in a module, the statement after a top-level `await { ... }.member` is emitted, and runs, twice.
#
# A module's top level may begin a statement with `await` and an object literal (ECMAScript 2022, AwaitExpression), and Node.js runs
# the source as it is written: `ready` once. Expected of `tsc`: the same program. Seen: no error is reported, and the JavaScript has
# the statement that follows a second time, so the program prints `ready` twice. `await (expression).member`, and the same statement
# inside an async function, are emitted once, and typescript 7.0.2 emits all three once. prettier 3.10.1 formats `.ts` with a parser of
# the older one: it writes the second copy into the source, and one more each time that it runs.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact old@npm:typescript@6.0.3 new@npm:typescript@7.0.2 prettier@3.10.1 >/dev/null 2>&1
mkdir src
cat >src/object.ts <<'TS'
export {};
const load = async (): Promise<void> => {};
await { load }.load();
console.log('ready');
TS
cat >src/parenthesis.ts <<'TS'
export {};
const load = async (): Promise<void> => {};
await ({ load }).load();
console.log('ready');
TS
cat >src/inside.ts <<'TS'
export {};
const load = async (): Promise<void> => {};
const main = async (): Promise<void> => {
  await { load }.load();
  console.log('ready');
};
await main();
TS
sed -e 's/: Promise<void>//' src/object.ts >source.mjs
cat >tsconfig.json <<'JSON'
{ "compilerOptions": { "target": "es2022", "module": "esnext", "strict": true, "rootDir": "src", "types": [], "lib": ["es2022", "dom"] }, "include": ["src"] }
JSON
node -e 'console.log("Node.js", process.version)'
seen="the source itself $(node source.mjs | wc -l | tr -d ' ')"
for compiler in old new; do
  tsc=$(node -p "const { name, version, bin } = require('./node_modules/$compiler/package.json'); './node_modules/$compiler/' + bin.tsc")
  version=$(node "$tsc" --version)
  node "$tsc" --outDir "out-$compiler" # No error is reported.
  for file in object parenthesis inside; do
    cp "out-$compiler/$file.js" "out-$compiler/$file.mjs"
    seen="$seen, ${version#Version } $file $(node "out-$compiler/$file.mjs" | wc -l | tr -d ' ')"
  done
done
for times in 1 2; do npx prettier --write src/object.ts >/dev/null; done
seen="$seen, prettier twice $(grep -c ready src/object.ts)"
echo "how often it says ready: $seen"
wanted="the source itself 1, 6.0.3 object 2, 6.0.3 parenthesis 1, 6.0.3 inside 1, 7.0.2 object 1, 7.0.2 parenthesis 1, 7.0.2 inside 1, prettier twice 3"
if [ "$seen" != "$wanted" ]; then
  echo "CHANGED: before, it was $wanted"
  exit 1
fi
