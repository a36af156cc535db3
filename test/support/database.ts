import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedDatabase } from '@lethe/persistence';

/** `embedded` is what `npm start` uses; `postgres` is a real server on this machine. */
export type DatabaseKind = 'embedded' | 'postgres';
export const DATABASE_KINDS: DatabaseKind[] = ['embedded', 'postgres'];

/** An empty database, gone after `close`. */
export interface TestDatabase {
  url: string;
  close(): Promise<void>;
}

const SERVER = 'postgres://postgres@127.0.0.1:5432/postgres';

async function asServerAdmin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Whether this kind can be tested here. In CI everything must be: there it is always true, and a missing server fails. */
export async function isDatabaseAvailable(kind: DatabaseKind): Promise<boolean> {
  if (kind === 'embedded' || process.env['CI'] === 'true') return true;
  try {
    await asServerAdmin((client) => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

async function startOnServer(): Promise<TestDatabase> {
  const name = `lethe_test_${randomBytes(6).toString('hex')}`;
  await asServerAdmin((client) => client.query(`create database ${name}`));
  const close = () => asServerAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
  return { url: SERVER.replace(/postgres$/, name), close };
}

async function startInProcess(): Promise<TestDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'lethe-db-'));
  const database = await startEmbeddedDatabase(join(dir, 'data'));
  const close = async () => {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: database.url, close };
}

/** Starts an empty database of its own for one test file. */
export function startTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'embedded' ? startInProcess() : startOnServer();
}
