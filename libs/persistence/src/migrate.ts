import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';

/** Key of the lock: any number, the same in all replicas. */
const MIGRATION_LOCK = 5_331_942;

/**
 * Brings the schema up to date. Replicas that start together take turns: the lock is held on a separate connection, because
 * the migrator uses several, and the embedded database would never serve them beside an open transaction.
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
