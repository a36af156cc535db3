#!/usr/bin/env bash
# @electric-sql/pglite 0.5.14 (PostgreSQL 18) writes no checkpoint while it is open, however large its log becomes.
#
# PostgreSQL writes a checkpoint when `checkpoint_timeout` is over or when the log since the last one comes near `max_wal_size`,
# and then uses the old segments again. Expected: with max_wal_size = 32MB the folder of the log stays near that. Seen: after
# 160 MB of log the folder has 160 MB, the checkpointer has done nothing, and the log that a crash would have to replay begins at
# the start. `CHECKPOINT`, sent as a statement, works: the folder shrinks. So who keeps a PGlite open for long has to send it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @electric-sql/pglite@0.5.14 >/dev/null 2>&1
cat >check.mjs <<'JS'
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const settings = ['max_wal_size=32MB', 'min_wal_size=32MB', 'checkpoint_timeout=30s'];
const db = await PGlite.create('data', {
  startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
});
const one = async (sql) => Object.values((await db.query(sql)).rows[0])[0];
const logMb = () =>
  readdirSync('data/pg_wal').reduce((sum, name) => sum + statSync(join('data/pg_wal', name)).size, 0) / 2 ** 20;
const redo = () => one('select redo_lsn::text from pg_control_checkpoint()');

assert.equal(await one('show max_wal_size'), '32MB');
const before = await redo();
await db.exec('create table filled (text text)');
for (let n = 0; n < 40; n += 1)
  await db.exec(`insert into filled select repeat(md5(i::text), 30) from generate_series(1, 4000) i`);
const grown = logMb();
console.log('pglite', await one('show server_version'), `log ${grown} MB with max_wal_size 32MB,`, 'redo from', before, 'and', await redo());
assert.ok(grown > 100, 'it writes checkpoints now');
assert.equal(await redo(), before);
await db.exec('checkpoint');
console.log(`after CHECKPOINT: log ${logMb()} MB, redo from`, await redo());
assert.notEqual(await redo(), before);
assert.ok(logMb() < grown);
await db.close();
JS
node check.mjs
