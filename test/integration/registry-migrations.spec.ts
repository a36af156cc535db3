import { MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import { migrate, PersistenceModule } from '@lethe/persistence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AddMissingCredential } from '../../apps/registry/migrations/20261123000100-add-missing-credential.js';
import { MIGRATIONS } from '../../apps/registry/src/database-options.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';

let server: TestDatabase;
beforeAll(async () => {
  server = await startTestDatabase('embedded');
});
afterAll(() => server.close());

/** Migrates as a registry that knows these migrations, and then runs one statement. */
async function asRegistryWith(migrations: typeof MIGRATIONS, sql: string): Promise<unknown> {
  const options = { databaseUrl: server.url, entities: [], migrations };
  const module = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(options)] }).compile();
  const orm: MikroORM = module.get(MikroORM);
  await migrate(orm);
  const rows: unknown = await orm.em.getConnection().execute(sql);
  await module.close();
  return rows;
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
