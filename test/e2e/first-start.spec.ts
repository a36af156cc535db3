import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '@lethe/embedded';
import { migrate, PersistenceModule } from '@lethe/persistence';
import { MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { ENTITIES, MIGRATIONS } from '../../apps/registry/src/database-options.js';
import { verifies } from '../requirements.js';
import { startEmbedded } from '../support/embedded.js';
import { makeHome, removeHome, ROOT, startProcess, until } from '../support/processes.js';

/** As the build makes it. */
const FIRST_DATABASE = join(ROOT, 'dist/database/first.zst');

/** Everything that a schema consists of, as PostgreSQL prints it. */
const SCHEMA = {
  columns: `select table_name, column_name, data_type, is_nullable, column_default, datetime_precision,
    character_maximum_length from information_schema.columns where table_schema = 'public' order by 1, 2`,
  indexes: `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`,
  constraints: `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace order by 1, 2`,
  functions: `select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
  triggers: `select tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1`,
  migrations: `select name from migration order by id`,
  counters: `select * from counter order by 1`,
};

describe('the first database of the build', () => {
  const root = mkdtempSync(join(tmpdir(), 'lethe-first-database-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async function schemaOf(url: string): Promise<Record<string, unknown[]>> {
    return inDatabase(url, async (client) => {
      const found: Record<string, unknown[]> = {};
      for (const [part, sql] of Object.entries(SCHEMA)) found[part] = (await client.query(sql)).rows;
      return found;
    });
  }

  it('has the schema that the migrations make, and no row of anything else', async () => {
    verifies('start.first-database');
    const given = await startEmbeddedDatabase(join(root, 'given'), { template: FIRST_DATABASE });
    const made = await startEmbeddedDatabase(join(root, 'made'));
    try {
      const options = { databaseUrl: made.url, entities: ENTITIES, migrations: MIGRATIONS };
      const app = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(options)] }).compile();
      await migrate(app.get(MikroORM));
      await app.close();
      const schema = await schemaOf(given.url);
      expect(schema['columns']?.length).toBeGreaterThan(100);
      expect(schema).toEqual(await schemaOf(made.url));
      await inDatabase(given.url, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
        );
        const tables = rows.map(({ name }) => name).filter((name) => name !== 'migration' && name !== 'counter');
        expect(tables).toContain('audit_entry');
        for (const table of tables) expect((await client.query(`select from ${table}`)).rowCount, table).toBe(0);
      });
    } finally {
      await given.close();
      await made.close();
    }
  }, 120_000);

  it('is what a first start takes, and the registry works on it and starts again', async () => {
    verifies('start.first-database');
    const lethe = await startEmbedded();
    try {
      expect(await lethe.process.log()).not.toContain('first database');
      await lethe.admin.ask('POST', '/gateways', { name: 'Docs', url: 'https://mcp.example.com/mcp' });
      await lethe.process.kill();
      await lethe.restart();
      expect(JSON.stringify(await lethe.admin.ask('GET', '/gateways'))).toContain('Docs');
    } finally {
      await lethe.stop();
    }
  }, 120_000);

  it('is taken whole when a start before was killed while it copied', async () => {
    verifies('start.first-database');
    const home = await makeHome();
    const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
    const first = startProcess('standalone', home, ports, 'killed');
    const isUnfinished = (name: string) => name.startsWith('.database-unfinished-');
    const begun = () => existsSync(home) && readdirSync(home).some(isUnfinished);
    await until('the copy to begin', () => begun() || existsSync(join(home, 'database')) || undefined, 60_000);
    await first.kill();
    const second = startProcess('standalone', home, ports, 'second');
    await until('the start', () => existsSync(join(home, 'runtime.json')) || undefined, 60_000);
    expect(
      readdirSync(home)
        .filter((name) => name.startsWith('database') || isUnfinished(name))
        .sort(),
    ).toEqual(['database', 'database.lock']);
    await second.stop();
    await removeHome(home);
  }, 120_000);
});
