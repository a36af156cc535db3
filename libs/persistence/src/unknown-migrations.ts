import type { MikroORM } from '@mikro-orm/postgresql';
import { StartError, VERSION } from '@lethe/platform';

/**
 * How the name of a migration ends that takes away what versions before this one use:
 * `20270101000000-drop-old-column-since-0.3.0`. An older version that finds it in the database does not start.
 */
export const NEEDED_SINCE = /-since-(\d+\.\d+\.\d+)$/;

/**
 * The migrations that were run on this database and that this version does not know.
 * @throws StartError if one of them took away what this version uses
 */
export async function unknownMigrations(orm: MikroORM): Promise<string[]> {
  const executed = await orm.migrator.getExecuted();
  const known = new Set(knownNames(orm));
  const unknown = executed.map(({ name }) => name).filter((name) => !known.has(name));
  const since = unknown.map((name) => NEEDED_SINCE.exec(name)?.[1]).find((version) => version !== undefined);
  if (since === undefined) return unknown;
  throw new StartError(
    `DATABASE_URL: the database needs Lethe ${since} or later, because a newer version has removed what this one (${VERSION}) ` +
      'uses; start the newer version, or restore a backup from before it',
  );
}

function knownNames(orm: MikroORM): string[] {
  const list = orm.config.get('migrations').migrationsList ?? [];
  return list.flatMap((entry) => {
    if (typeof entry !== 'function') return [entry.name];
    return new entry(orm.em.getDriver(), orm.config).name ?? [];
  });
}
