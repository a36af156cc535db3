import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { backOffMs, type Logger, sleep, StartError } from '@lethe/platform';
import { asRefusal, asUnreachable, Unreachable } from './connection-failure.js';
import { unknownMigrations } from './unknown-migrations.js';

/** Key of the lock: an arbitrary number, the same in all replicas. */
const MIGRATION_LOCK = 5_331_942;

/** The oldest PostgreSQL that its makers still repair. */
const OLDEST_POSTGRESQL = 15;

/** How soon PostgreSQL is asked again while it can't be reached: all parts of a deployment may start at once. */
const ASK_AGAIN = { firstMs: 250, mostMs: 5_000 };
const CONNECT_MS = 10_000;

/**
 * Migrates the schema, as soon as PostgreSQL can be reached: it is asked again until then. Replicas that start at the same
 * time wait for each other. A connection that breaks meanwhile is as one that can't be made.
 * @returns the migrations of a newer version that has run on this database; this version can run beside them
 * @throws StartError if PostgreSQL refuses the login or TLS, has no such database, or is too old, or if a newer version has
 * removed what this one needs
 */
export async function migrate(orm: MikroORM, logger?: Logger): Promise<string[]> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await migrateOnce(orm);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      logger?.warn({ code: error.code }, 'DATABASE_URL: no connection to PostgreSQL yet; it is asked again');
    }
    await sleep(backOffMs(failures, ASK_AGAIN));
  }
}

/** The lock uses a separate connection: the migrator opens several, which the embedded database would not serve meanwhile. */
async function migrateOnce(orm: MikroORM): Promise<string[]> {
  const clientUrl = orm.config.get('clientUrl');
  const limits = { connectionTimeoutMillis: CONNECT_MS, keepAlive: true, keepAliveInitialDelayMillis: CONNECT_MS };
  const turn = new pg.Client({ connectionString: clientUrl, ...limits });
  // Without a listener, a connection that breaks between two queries would end the process.
  turn.on('error', () => undefined);
  try {
    await connect(turn);
    return await migrateInTurn(orm, turn);
  } catch (error) {
    throw asUnreachable(error, turn);
  } finally {
    await turn.end();
  }
}

async function connect(turn: pg.Client): Promise<void> {
  try {
    await turn.connect();
  } catch (error) {
    const failure = asUnreachable(error, turn);
    // A server that takes no part in the login would not close the connection either.
    turn.connection.stream.destroy();
    throw failure instanceof Unreachable ? failure : asRefusal(error, turn);
  }
}

async function migrateInTurn(orm: MikroORM, turn: pg.Client): Promise<string[]> {
  await refuseOldServer(turn);
  await turn.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
  try {
    const newer = await unknownMigrations(orm);
    await orm.migrator.up();
    return newer;
  } finally {
    await turn.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST_POSTGRESQL) return;
  throw new StartError(`DATABASE_URL: PostgreSQL ${OLDEST_POSTGRESQL} or later is needed; this is ${version}`);
}
