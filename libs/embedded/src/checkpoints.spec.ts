import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCheckpoints } from './checkpoints.js';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.js';

const MIB = 1024 * 1024;

describe('the log of the embedded database', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lethe-checkpoints-'));
  let database: EmbeddedDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await startEmbeddedDatabase(join(dir, 'database'));
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table filled (text text)');
  }, 120_000);
  afterAll(async () => {
    await client.end();
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const fill = () =>
    client.query('insert into filled select repeat(md5(i::text), 30) from generate_series(1, 25000) i');
  const redo = async (): Promise<unknown> => {
    const { rows } = await client.query<{ redo: string }>('select redo_lsn::text as redo from pg_control_checkpoint()');
    return rows[0]?.redo;
  };
  const logMib = () => {
    const folder = join(dir, 'database', 'pg_wal');
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / MIB;
  };

  it('stays short while it is open, and no transaction is disturbed', async () => {
    const before = await redo();
    await client.query('begin');
    await fill();
    const end = writeCheckpoints(database.url, 20);
    // A checkpoint is a client like others: it has to wait for the end of this transaction, not the other way round.
    await fill();
    expect(await redo()).toBe(before);
    await client.query('commit');
    await expect.poll(redo, { timeout: 20_000 }).not.toBe(before);
    for (let n = 0; n < 6; n += 1) {
      const last = await redo();
      await fill();
      await expect.poll(redo, { timeout: 20_000 }).not.toBe(last);
    }
    await end();
    expect(logMib()).toBeLessThan(128);
    expect((await client.query('select from filled')).rowCount).toBe(8 * 25_000);
  }, 120_000);

  it('is left alone while little is written', async () => {
    await client.query('checkpoint');
    const before = await redo();
    const end = writeCheckpoints(database.url, 5);
    for (let n = 0; n < 20; n += 1) await client.query(`insert into filled values ('little')`);
    await end();
    expect(await redo()).toBe(before);
  });
});
