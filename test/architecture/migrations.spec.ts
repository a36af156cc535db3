import { NEEDED_SINCE } from '@lethe/persistence';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type MigrationSql, unsafeStatements } from '../support/upgrade/migration-rules.js';
import { migrationsAsSql } from '../support/upgrade/migrations.js';

/**
 * Migrations that are not safe beside an older version, and why they may be there all the same. If they take away what the
 * last release uses, their name ends with `-since-<version>`, so that an older registry refuses to start.
 */
const ALLOWED: Record<string, string> = {
  '20261130052000-search-of-items':
    'two indexes of existing tables: writers of names and verifications wait while they are made, 0.5 s for 450,000 names',
};

const HOW =
  'not safe while the old version runs. Add it in a way that the old version does not notice (docs/operations/upgrade.md), ' +
  'or list the migration in ALLOWED of this file with the reason';

describe('migrations', () => {
  let migrations: MigrationSql[];
  beforeAll(async () => {
    migrations = await migrationsAsSql();
  });

  it('are all safe while the version before still runs, or are listed with a reason', () => {
    verifies('upgrade.migrations-safe');
    const unsafe = migrations
      .filter(({ name }) => !(name in ALLOWED))
      .flatMap((migration) => unsafeStatements(migration).map((sql) => `${migration.name}: ${sql}: ${HOW}`));
    expect(unsafe).toEqual([]);
  });

  it('that are listed exist and are unsafe, and say in their name who can no longer run', () => {
    for (const name of Object.keys(ALLOWED)) {
      const migration = migrations.find((each) => each.name === name);
      expect(migration && unsafeStatements(migration)).not.toEqual([]);
      const takesAway = migration?.statements.some((sql) => /\b(drop|rename)\b/i.test(sql));
      expect([name, NEEDED_SINCE.test(name)]).toEqual([name, takesAway]);
    }
  });

  it('have names of their own, in the order in which they run, and can not be run backwards', () => {
    const names = migrations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names.filter((name) => !/^\d{14}-[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))).toEqual([]);
  });
});

describe('the rules for migrations', () => {
  const unsafe = (...statements: string[]) => unsafeStatements({ name: 'a', statements });

  it.each([
    'drop table gateway',
    'alter table gateway drop column name',
    'alter table gateway rename column name to title',
    'alter table gateway rename to upstream',
    'alter table gateway add column kind text not null',
    'alter table gateway add column at timestamptz not null default now()',
    'alter table gateway add column id2 serial not null default 1, drop column name',
    'alter table gateway alter column name type text',
    'alter table gateway alter column name set not null',
    "alter table gateway add constraint c check (listing in ('live'))",
    'alter table gateway add constraint gateway_name_unique unique (name)',
    'create index gateway_name_index on gateway (name)',
    "update gateway set name = 'x'",
    "delete from gateway where name = 'x'",
    'create table part (id uuid references gateway (id))',
    'lock table gateway',
    'create trigger t before update on gateway for each row execute function refuse()',
    'create or replace function refuse() returns trigger language plpgsql as $$begin end$$',
    'select something()',
  ])('refuse %s', (statement) => {
    verifies('upgrade.migrations-safe');
    expect(unsafe(statement)).toEqual([statement]);
  });

  it('allow what an older version does not notice', () => {
    const statements = [
      'create table part (id uuid primary key)',
      'create index part_id_index on part (id)',
      "create function refuse() returns trigger language plpgsql as 'begin end'",
      'create trigger t before update or delete on part for each statement execute function refuse()',
      "insert into part (id) values ('x')",
      "alter table gateway add column kind text not null default 'x', add column note jsonb null",
      "alter table gateway add constraint gateway_kind_check check (kind in ('x', 'y'))",
      "update gateway set kind = 'y' where name = 'n'",
      'alter table gateway alter column name drop not null',
      "alter table gateway alter column listing set default 'live'",
    ];
    expect(unsafe(...statements)).toEqual([]);
  });

  it('refuse a change of an old column beside one of a new column', () => {
    const statements = ['alter table gateway add column kind text null', "update gateway set kind = 'y', name = 'x'"];
    expect(unsafe(...statements)).toEqual(statements.slice(1));
  });
});
