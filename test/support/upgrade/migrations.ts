import { createHash } from 'node:crypto';
import { persistenceMigrations } from '@lethe/persistence';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { MIGRATIONS } from '../../../apps/registry/src/database-options.js';
import type { MigrationSql } from './migration-rules.js';

/** All migrations in the order in which they run, as their statements. Needs no database. */
export async function migrationsAsSql(): Promise<MigrationSql[]> {
  const orm = new MikroORM({
    driver: PostgreSqlDriver,
    dbName: 'none',
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  return Promise.all(
    [...persistenceMigrations, ...MIGRATIONS].map(async (Migration) => {
      const migration = new Migration(orm.driver, orm.config);
      await Promise.resolve(migration.up());
      return { name: migration.name ?? '', statements: migration.getQueries().map(String) };
    }),
  );
}

/** The digest of every migration, by its name: changes with every character of it. */
export function migrationDigests(migrations: MigrationSql[]): Record<string, string> {
  const digests = migrations.map(({ name, statements }) => {
    return [name, createHash('sha256').update(JSON.stringify(statements)).digest('hex')];
  });
  return Object.fromEntries(digests);
}
