#!/usr/bin/env bash
# kysely 0.29.6 (over pg 8.23.1) never gives a connection back to its pool that broke during a transaction; MikroORM 7.2.1, which is
# built on it, has the same.
#
# A transaction runs on one connection of a pool of one. The connection ends, as at a restart of PostgreSQL. The query fails, the
# transaction is rolled back as the documentation shows, and the rollback fails as well: there is no connection. Expected: the pool is
# told that the connection is dead, and the next query gets a new one. Seen: `rollback()` and `commit()` give a connection back only
# after their statement has succeeded, so the pool waits for this one for ever. Each transaction that is running when PostgreSQL
# restarts takes one place, and a pool of ten is used up after ten of them: the process answers no query any more until it is
# started again, and `pool.end()` never resolves. With MikroORM, `em.transactional()` does it; nothing there ends the connection either.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact kysely@0.29.6 pg@8.23.1 \
  @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 @mikro-orm/postgresql@7.2.1 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';

const server = new PGLiteSocketServer({ db: await PGlite.create(), host: '127.0.0.1', port: 0, maxConnections: 10 });
await server.start();
const [host, port] = server.getServerConn().split(':');
const url = `postgres://postgres@${host}:${port}/postgres`;

/** What a query gets now. */
async function next(query) {
  const late = new Promise((resolve) => setTimeout(() => resolve('no connection within 3 s'), 3_000));
  return Promise.race([query().then(() => 'answered', (error) => error.message), late]);
}

/** The only connection of the pool ends, as its server does it. */
function breakOnly(pool) {
  pool._clients[0].connection.stream.destroy();
}

async function withKysely() {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  const trx = await db.startTransaction().execute();
  await sql`select 1`.execute(trx);
  breakOnly(pool);
  await sql`select 1`.execute(trx).catch(() => undefined);
  await trx.rollback().execute().catch(() => undefined);
  return next(() => sql`select 1`.execute(db));
}

async function withMikroOrm() {
  let pool;
  const Thing = defineEntity({ name: 'Thing', properties: { id: p.integer().primary() } });
  const onPoolCreated = (created) => (pool = created);
  const options = { clientUrl: url, entities: [Thing], pool: { min: 0, max: 1 }, driverOptions: { onPoolCreated } };
  const orm = await MikroORM.init({ ...options, logger: () => undefined });
  const work = orm.em.fork().transactional(async (em) => {
    await em.execute('select 1');
    breakOnly(pool);
    await em.execute('select 1');
  });
  await work.catch(() => undefined);
  return next(() => orm.em.fork().execute('select 1'));
}

const seen = { kysely: await withKysely(), mikroOrm: await withMikroOrm() };
console.log('kysely 0.29.6, the next query:', seen.kysely);
console.log('MikroORM 7.2.1, the next query:', seen.mikroOrm);
const isAsSeen = Object.values(seen).every((what) => what === 'no connection within 3 s');
if (!isAsSeen) console.log('CHANGED: before, no query got a connection any more');
process.exit(isAsSeen ? 0 : 1);
JS
node check.mjs
