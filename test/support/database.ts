import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedDatabase } from '@lethe/embedded';
import { POSTGRES_URL } from './services/service-variables.js';

/** `embedded` is what `npm start` uses; `postgres` is the real server of this run. */
export type DatabaseKind = 'embedded' | 'postgres';
export const DATABASE_KINDS: DatabaseKind[] = ['embedded', 'postgres'];

/** An empty database, gone after `close`. */
export interface TestDatabase {
  url: string;
  close(): Promise<void>;
}

const serverUrl = (): string | undefined => process.env[POSTGRES_URL];

async function asServerAdmin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Whether this kind can be tested here. */
export function isDatabaseAvailable(kind: DatabaseKind): boolean {
  return kind === 'embedded' || serverUrl() !== undefined;
}

/** The server logs every statement to this database, with its parameters. */
const LOGGED = { log_statement: 'all', log_parameter_max_length: '-1', log_parameter_max_length_on_error: '-1' };

async function startOnServer(logsStatements: boolean): Promise<TestDatabase> {
  const url = serverUrl();
  if (url === undefined) throw new Error('this run has no PostgreSQL');
  const name = `lethe_test_${randomBytes(6).toString('hex')}`;
  await asServerAdmin(async (client) => {
    await client.query(`create database ${name}`);
    if (!logsStatements) return;
    for (const [setting, value] of Object.entries(LOGGED))
      await client.query(`alter database ${name} set ${setting} = '${value}'`);
  });
  const close = () => asServerAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
  return { url: url.replace(/postgres$/, name), close };
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

/**
 * Starts an empty database of its own for one test file.
 * @param logsStatements of `postgres`: whether each statement is logged, with its parameters
 */
export function startTestDatabase(kind: DatabaseKind, { logsStatements = false } = {}): Promise<TestDatabase> {
  return kind === 'embedded' ? startInProcess() : startOnServer(logsStatements);
}
