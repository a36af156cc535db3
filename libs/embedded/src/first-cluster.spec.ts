import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packCluster } from './cluster-file.js';
import { DirectoryInUse } from './directory-lock.js';
import { type EmbeddedDatabase, type EmbeddedOptions, startEmbeddedDatabase } from './embedded-database.js';

describe('the first cluster', () => {
  const root = mkdtempSync(join(tmpdir(), 'lethe-first-cluster-'));
  const template = join(root, 'first.zst');
  const open: EmbeddedDatabase[] = [];

  async function start(dir: string, options?: EmbeddedOptions): Promise<EmbeddedDatabase> {
    const database = await startEmbeddedDatabase(dir, options);
    open.push(database);
    return database;
  }

  async function rows({ url }: EmbeddedDatabase, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** A data directory of its own. */
  const home = (): string => join(mkdtempSync(join(root, 'home-')), 'database');
  const beside = (dir: string): string[] => readdirSync(join(dir, '..')).sort();

  beforeAll(async () => {
    const dir = home();
    const made = await startEmbeddedDatabase(dir);
    await rows(made, `create table mark as select 'of the file' as text`);
    await made.close();
    packCluster(dir, template);
  }, 60_000);
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is the one of the file', async () => {
    const dir = home();
    const database = await start(dir, { template });
    expect(await rows(database, 'select * from mark')).toEqual([{ text: 'of the file' }]);
    expect(beside(dir)).toEqual(['database', 'database.lock']);
  });

  it('is created where the file is missing or damaged, which is said', async () => {
    const damaged = join(root, 'damaged.zst');
    writeFileSync(damaged, readFileSync(template).subarray(0, 50_000));
    for (const file of [join(root, 'none.zst'), damaged]) {
      const dir = home();
      const lines: string[] = [];
      const database = await start(dir, { template: file, warn: (line) => lines.push(line) });
      expect(await rows(database, `select to_regclass('mark') as mark`)).toEqual([{ mark: null }]);
      expect(lines).toEqual([expect.stringContaining('first database')]);
      expect(beside(dir)).toEqual(['database', 'database.lock']);
    }
  }, 60_000);

  it('does not take what a start has left that crashed while it copied', async () => {
    const dir = home();
    const unfinished = join(dir, '../.database-unfinished-crashd');
    const kept = join(dir, '../.database-unfinished-business');
    mkdirSync(kept, { recursive: true });
    mkdirSync(`${unfinished}/base`, { recursive: true });
    writeFileSync(`${unfinished}/PG_VERSION`, '18\n');
    const database = await start(dir, { template });
    expect(await rows(database, 'select * from mark')).toHaveLength(1);
    expect([existsSync(unfinished), existsSync(kept)]).toEqual([false, true]);
  });

  it('replaces a folder that is no cluster, and keeps what is in it', async () => {
    const dir = home();
    mkdirSync(join(dir, 'base'), { recursive: true });
    writeFileSync(join(dir, 'base', '1'), 'kept');
    const database = await start(dir, { template });
    expect(await rows(database, 'select * from mark')).toHaveLength(1);
    const aside = beside(dir).find((name) => name.startsWith('database.incomplete-'));
    expect(readFileSync(join(dir, '..', String(aside), 'base/1'), 'utf8')).toBe('kept');
  });

  it('is made by one of two that start at once', async () => {
    const dir = home();
    const both = await Promise.allSettled([start(dir, { template }), start(dir, { template })]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: expect.any(DirectoryInUse) });
    expect(existsSync(join(dir, 'PG_VERSION'))).toBe(true);
  });

  it('of an earlier version stays, also after a crash, and gets the settings of this one', async () => {
    const old = home();
    const before = await PGlite.create(old);
    await before.exec(`create table mark as select 'of before' as text`);
    expect((await before.query('show shared_buffers')).rows).toEqual([{ shared_buffers: '128MB' }]);
    const crashed = home();
    cpSync(old, crashed, { recursive: true });
    await before.close();
    for (const dir of [old, crashed]) {
      const database = await start(dir, { template });
      expect(await rows(database, 'select * from mark')).toEqual([{ text: 'of before' }]);
      expect(await rows(database, 'show shared_buffers')).toEqual([{ shared_buffers: '16MB' }]);
      expect(await rows(database, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    }
  }, 60_000);
});
