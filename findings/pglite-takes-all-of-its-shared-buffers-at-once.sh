#!/usr/bin/env bash
# @electric-sql/pglite 0.5.14 (PostgreSQL 18) takes the memory of all shared buffers when it opens, and they are 128 MB.
#
# A native PostgreSQL reserves `shared_buffers` as address space, and the system gives it pages as they are used: an empty
# database is resident with a few of them. In WebAssembly the memory is one that was written, so an empty PGlite has all of it
# resident. Its initdb leaves the 128 MB that suit a server. Expected: a small database is small. Seen: with
# `-c shared_buffers=2MB` in `startParams` the same empty data directory takes 120 to 140 MB less, of 300.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @electric-sql/pglite@0.5.14 >/dev/null 2>&1
cat >open.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
const given = process.argv.slice(2).flatMap((setting) => ['-c', setting]);
const db = await PGlite.create('data', { startParams: [...PGlite.defaultStartParams, ...given] });
const { rows } = await db.query('show shared_buffers');
const residentMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
await db.close();
console.log(JSON.stringify({ sharedBuffers: rows[0].shared_buffers, residentMb }));
JS
node open.mjs >/dev/null
own=$(node open.mjs)
small=$(node open.mjs shared_buffers=2MB)
echo "as initdb leaves it: $own"
echo "with 2 MB:           $small"
node --input-type=module - "$own" "$small" <<'JS'
import assert from 'node:assert/strict';
const [own, small] = process.argv.slice(2).map((line) => JSON.parse(line));
assert.equal(own.sharedBuffers, '128MB');
assert.equal(small.sharedBuffers, '2MB');
assert.ok(own.residentMb - small.residentMb > 100, 'it no longer takes them at once');
JS
