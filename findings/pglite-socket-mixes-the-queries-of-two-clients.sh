#!/usr/bin/env bash
# @electric-sql/pglite-socket 0.2.17 gives the one backend of PGlite 0.5.14 single messages of its clients, in the order in which
# they come, so that what belongs to one query is mixed with the queries of other clients.
#
# An extended query is several messages: Parse, Bind, Execute, Sync. Its author may send them one by one, and the kernel cuts what
# is longer than some 64 KB. Expected: the backend gets them as one, since its unnamed statement and its state after an error belong
# to a session. Seen: only in a transaction block it stays with one client. (1) The query of another client between Parse and Bind
# replaces the statement: Bind gets the result of the other's statement, or an error if its parameters differ. (2) After an error
# the backend ignores all messages up to the next Sync, also those of others: their query has no error and no rows, and (3) their
# INSERT is lost without a word.
# With pg and parameters of 400 KB it was seen as `portal "" does not exist` and `unnamed prepared statement does not exist`.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --save-exact @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 \
  pg@8.23.1 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { once } from 'node:events';
import { connect } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

const server = new PGLiteSocketServer({ db: await PGlite.create(), host: '127.0.0.1', port: 0, maxConnections: 10 });
await server.start();
const [host, port] = server.getServerConn().split(':');

function message(type, body = '') {
  const head = Buffer.alloc(type.length + 4);
  head.write(type);
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, Buffer.from(body, 'latin1')]);
}
const parse = (sql) => message('P', `\0${sql}\0\0\0`);
const flush = message('H');
const bindX = message('B', '\0\0' + '\0\0' + '\0\x01' + '\0\0\0\x01x' + '\0\0');
const rest = Buffer.concat([bindX, message('E', '\0'.repeat(5)), message('S')]);

const socket = connect(Number(port), host);
let received = '';
socket.on('data', (chunk) => (received += chunk.toString('latin1')));
async function until(part) {
  while (!received.includes(part)) await once(socket, 'data');
  const all = received;
  received = '';
  return all;
}
socket.write(message('', '\0\x03\0\0user\0postgres\0database\0postgres\0\0'));
await until('Z\0\0\0\x05');
const other = new pg.Client({ host, port: Number(port), user: 'postgres', database: 'postgres' });
await other.connect();
await other.query('create table thing (name text)');
const theirs = async () => (await other.query(`select 'theirs ' || $1 as text`, ['y'])).rows;

socket.write(Buffer.concat([parse(`select 'mine ' || $1`), flush]));
await until('1\0\0\0\x04');
await theirs();
socket.write(rest);
const own = /(mine|theirs) x/.exec(await until('Z\0\0\0\x05'))?.[0] ?? 'an error';

async function afterError(query) {
  socket.write(Buffer.concat([parse('select nonsense'), flush]));
  await until('42703');
  const result = await query();
  socket.write(message('S'));
  await until('Z\0\0\0\x05');
  return result;
}
const rows = await afterError(theirs);
await afterError(() => other.query('insert into thing values ($1)', ['lost']));
const { rows: inserted } = await other.query('select * from thing');

console.log('pglite-socket 0.2.17, pglite 0.5.14, pg 8.23.1, Node.js', process.version);
console.log(`1. "select 'mine ' || 'x'", with another client's query between Parse and Bind: ${own}`);
console.log(`2. rows of another client's "select 'theirs ' || 'y'", after an error and before Sync: ${rows.length}`);
console.log(`3. rows in the table after another client's INSERT at the same place, which had no error: ${inserted.length}`);
const isAsSeen = own === 'theirs x' && rows.length === 0 && inserted.length === 0;
if (!isAsSeen) console.log('CHANGED: before, 1 was "theirs x", 2 and 3 were 0');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
