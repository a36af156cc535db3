#!/usr/bin/env bash
# yaml 2.9.1: with `logLevel: 'silent'`, `parseDocument` takes a text of several documents for its first one, and `errors` is empty.
#
# The option's doc comment: "Control the logging level during parsing"; `parseDocument` itself prints and throws nothing, whatever it
# is. Expected: the same `errors` at every level, as it is with BAD_INDENT and DUPLICATE_KEY. Seen: MULTIPLE_DOCS is added only if the
# level is not 'silent'; with 'warn' (the default) and 'error' it is there. Who reads `errors`, and silences the library since it
# shall print nothing, accepts a text of which everything after the first `---` is dropped without a word.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact yaml@2.9.1 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { parseDocument } from 'yaml';

const TEXTS = { 'two documents': 'a: 1\n---\nb: 1', 'a key twice': 'a: 1\na: 2' };
const LEVELS = { 'the default': {}, warn: { logLevel: 'warn' }, error: { logLevel: 'error' }, silent: { logLevel: 'silent' } };

console.log('yaml 2.9.1, Node.js', process.version);
const seen = {};
for (const [name, text] of Object.entries(TEXTS)) {
  for (const [level, options] of Object.entries(LEVELS)) {
    const codes = parseDocument(text, options).errors.map(({ code }) => code).join(' ') || 'none';
    console.log(`${name}, logLevel ${level}: errors ${codes}`);
    seen[`${name}, ${level}`] = codes;
  }
}
const isAsSeen = Object.entries(seen).every(([which, codes]) => {
  if (which === 'two documents, silent') return codes === 'none';
  return codes === (which.startsWith('two') ? 'MULTIPLE_DOCS' : 'DUPLICATE_KEY');
});
if (!isAsSeen) console.log("CHANGED: before, 'silent' alone had no error for two documents, and all had DUPLICATE_KEY");
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
