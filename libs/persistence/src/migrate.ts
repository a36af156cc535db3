import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';

/** Key of the lock: an arbitrary number, the same in all replicas. */
const MIGRATION_LOCK = 5_331_942;

/**
 * Migrates the schema. Replicas that start at the same time wait for each other. The lock uses a separate connection, because
 * the migrator opens several, and the embedded database would not serve them during an open transaction.
 */
export async function migrate(orm: MikroORM): Promise<void> {
  const turn = new pg.Client({ connectionString: orm.config.get('clientUrl') });
  await turn.connect();
  try {
    await turn.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await orm.migrator.up();
  } finally {
    await turn.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
    await turn.end();
  }
}
