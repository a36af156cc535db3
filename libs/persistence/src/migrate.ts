import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '@lethe/platform';
import { unknownMigrations } from './unknown-migrations.js';

/** Key of the lock: an arbitrary number, the same in all replicas. */
const MIGRATION_LOCK = 5_331_942;

/** The oldest PostgreSQL that its makers still repair. */
const OLDEST_POSTGRESQL = 15;

/**
 * Migrates the schema. Replicas that start at the same time wait for each other. The lock uses a separate connection, because
 * the migrator opens several, and the embedded database would not serve them during an open transaction.
 * @returns the migrations of a newer version that has run on this database; this version can run beside them
 * @throws StartError if PostgreSQL can't be reached, refuses the login, or is too old, or if a newer version has removed
 * what this one needs
 */
export async function migrate(orm: MikroORM): Promise<string[]> {
  const turn = new pg.Client({ connectionString: orm.config.get('clientUrl') });
  await connect(turn);
  try {
    await refuseOldServer(turn);
    await turn.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    const newer = await unknownMigrations(orm);
    await orm.migrator.up();
    return newer;
  } finally {
    await turn.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
    await turn.end();
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new StartError(`DATABASE_URL: no connection to PostgreSQL${code}`, { cause: error });
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST_POSTGRESQL) return;
  throw new StartError(`DATABASE_URL: PostgreSQL ${OLDEST_POSTGRESQL} or later is needed; this is ${version}`);
}
