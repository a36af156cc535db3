// Makes the file of the first database of an embedded Lethe, at build time: `node make-database.js <file>`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packCluster, startEmbeddedDatabase } from '@lethe/embedded';
import { migrate, PersistenceModule } from '@lethe/persistence';
import { MikroORM } from '@mikro-orm/postgresql';
import { NestFactory } from '@nestjs/core';
import { ENTITIES, MIGRATIONS } from './database-options.js';

/** PostgreSQL would copy these for further databases. Lethe makes none, and they are two thirds of a cluster. */
const DROP_TEMPLATES = [
  `update pg_database set datistemplate = false where datname like 'template%'`,
  'drop database template0',
  'drop database template1',
  'checkpoint',
];

/** Nothing but the migrations writes to it: all installs will have the same rows. */
async function migrateEmpty(databaseUrl: string): Promise<void> {
  const persistence = await PersistenceModule.forRoot({ databaseUrl, entities: ENTITIES, migrations: MIGRATIONS });
  const app = await NestFactory.createApplicationContext(persistence, { logger: false, abortOnError: false });
  await migrate(app.get(MikroORM));
  const connection = app.get(MikroORM).em.getConnection();
  for (const statement of DROP_TEMPLATES) await connection.execute(statement);
  await app.close();
}

async function makeDatabase(file: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'lethe-first-'));
  const dir = join(home, 'database');
  try {
    const database = await startEmbeddedDatabase(dir);
    await migrateEmpty(database.url);
    await database.close();
    packCluster(dir, file);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const file = process.argv[2];
if (file === undefined) throw new Error('Name the file to write');
await makeDatabase(file);
