import { createHash } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { Migration } from '@mikro-orm/migrations';
import { Test } from '@nestjs/testing';
import { migrate, PersistenceModule } from '@lethe/persistence';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddMissingCredential } from '../../apps/registry/migrations/20261123000100-add-missing-credential.js';
import { KeyedRequests } from '../../apps/registry/migrations/20261130015500-keyed-requests.js';
import { MIGRATIONS } from '../../apps/registry/src/database-options.js';
import { verifies } from '../requirements.js';
import { isDatabaseAvailable, startTestDatabase, type TestDatabase } from '../support/database.js';

let server: TestDatabase;
beforeAll(async () => {
  server = await startTestDatabase('embedded');
});
afterAll(() => server.close());

/** Migrates as a registry that knows these migrations, and then runs one statement. */
async function asRegistryWith(migrations: typeof MIGRATIONS, sql: string): Promise<unknown> {
  const { orm, close } = await registryOf(server.url, migrations);
  await migrate(orm);
  const rows: unknown = await orm.em.getConnection().execute(sql);
  await close();
  return rows;
}

async function registryOf(databaseUrl: string, migrations: typeof MIGRATIONS) {
  const options = { databaseUrl, entities: [], migrations };
  const module = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(options)] }).compile();
  const orm: MikroORM = module.get(MikroORM);
  return { orm, close: () => module.close() };
}

const insert = (slug: string) =>
  `insert into virtual_server (id, slug, name, access, short_form, items, include, left_out, revision, version, mac,
    created_at, updated_at) values (gen_random_uuid(), '${slug}', 'n', '"open"', '{}', '[]', '[]', '[]', 1, 1, 'm', now(), now())`;

it('a virtual server from before keeps its missing credentials as errors, and a new one tells them as results', async () => {
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(AddMissingCredential) + 1);
  await asRegistryWith(before, insert('before'));
  await asRegistryWith(MIGRATIONS, insert('new'));
  expect(await asRegistryWith(MIGRATIONS, 'select slug, missing_credential from virtual_server order by slug')).toEqual(
    [
      { slug: 'before', missing_credential: 'error' },
      { slug: 'new', missing_credential: 'result' },
    ],
  );
});

it('answers that were kept for repeated requests are found by the digests of their keys', async () => {
  verifies('registry.retries');
  const own = await startTestDatabase('embedded');
  const run = async (migrations: typeof MIGRATIONS, sql: string): Promise<unknown> => {
    const { orm, close } = await registryOf(own.url, migrations);
    await migrate(orm);
    const rows: unknown = await orm.em.getConnection().execute(sql);
    await close();
    return rows;
  };
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(KeyedRequests));
  await run(
    before,
    `insert into idempotent_request (administrator, key, fingerprint, status, body, created_at)
      values ('a', 'schlüssel', 'f', 201, '{"id": 1}', now())`,
  );
  const key_digest = createHash('sha256').update('schlüssel').digest('hex');
  expect(await run(MIGRATIONS, 'select administrator, key_digest, status, body from keyed_request')).toEqual([
    { administrator: 'a', key_digest, status: 201, body: { id: 1 } },
  ]);
  await own.close();
});

class OfNewerVersion extends Migration {
  override name = '20991231000000-of-a-newer-version';
  override up(): void {
    this.addSql('alter table gateway add column newer text null');
  }
}

class TakesAway extends Migration {
  override name = '20991231000001-takes-away-since-9.9.9';
  override up(): void {
    this.addSql('alter table gateway drop column newer');
  }
}

describe('a database that a newer version has migrated', () => {
  it('is used by an older one, which learns what it does not know, and not if that took something away', async () => {
    verifies('upgrade.newer-schema');
    await asRegistryWith([...MIGRATIONS, OfNewerVersion], 'select 1');
    const older = await registryOf(server.url, MIGRATIONS);
    expect(await migrate(older.orm)).toEqual(['20991231000000-of-a-newer-version']);
    await older.close();
    await asRegistryWith([...MIGRATIONS, OfNewerVersion, TakesAway], 'select 1');
    const tooOld = await registryOf(server.url, MIGRATIONS);
    await expect(migrate(tooOld.orm)).rejects.toThrow(/the database needs Lethe 9\.9\.9 or later/);
    await tooOld.close();
  });
});

/** A migration that can't be run twice, and takes its time. */
class OnlyOnce extends Migration {
  override name = '20991231000002-only-once';
  override up(): void {
    this.addSql('select pg_sleep(0.3)');
    this.addSql('create table only_once (id int primary key)');
  }
}

describe.runIf(isDatabaseAvailable('postgres'))('registries that start at the same time', () => {
  it('run each migration once', async () => {
    verifies('upgrade.one-migrator');
    const shared = await startTestDatabase('postgres');
    const migrations = [...MIGRATIONS, OnlyOnce];
    const registries = await Promise.all([1, 2, 3].map(() => registryOf(shared.url, migrations)));
    try {
      expect(await Promise.all(registries.map(({ orm }) => migrate(orm)))).toEqual([[], [], []]);
      const client = new pg.Client({ connectionString: shared.url });
      await client.connect();
      const { rows } = await client.query(
        'select name, count(*)::int from migration group by name having count(*) > 1',
      );
      await client.end();
      expect(rows).toEqual([]);
    } finally {
      for (const { close } of registries) await close();
      await shared.close();
    }
  });
});
