import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Separate } from '../separate.js';
import { realPartsAvailable } from '../real-parts.js';
import { copiesInFiles, copiesInMemory, type Needle } from '../memory-scan.js';

/** Other processes' memory and PostgreSQL's files can be read on Linux, as root. */
export const canLook = process.platform === 'linux' && process.getuid?.() === 0 && realPartsAvailable();

/** Where copies were found, and in how many processes they were searched for. */
export interface Looked {
  found: (readonly [where: string, copies: number])[];
  processes: number;
  /** Those of PostgreSQL among them. */
  database: number;
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/**
 * Searches the memory of all services, their children, nats-server and PostgreSQL, and all files and logs that they have.
 * @param without the processes that may have it
 * @param files more files and folders
 */
export async function searchServices(
  lethe: Separate,
  needle: Needle,
  { without = [], files = [] }: { without?: Separate['proxies']; files?: string[] } = {},
): Promise<Looked> {
  const dataDirectory = await flushedDataDirectory(lethe.databaseUrl);
  const services = [lethe.registry, lethe.connector, ...lethe.proxies].filter((service) => !without.includes(service));
  const lasting = [...services, { name: 'nats-server', pid: lethe.nats.pid }];
  const database = postgresProcesses(dataDirectory);
  const passing = [...childrenOf(lethe.connector.pid), ...database];
  const memory = [
    ...lasting.map(({ name, pid }) => [name, copiesInMemory(pid, needle)] as const),
    ...passing.map((pid) => [`process ${pid}`, copiesIfThere(pid, needle)] as const),
  ];
  const places = [
    ...[lethe.home, lethe.nats.storeDir, dirname(lethe.nats.logFile), postgresLog(dataDirectory)],
    ...[`${dataDirectory}/base`, `${dataDirectory}/pg_wal`, ...files],
  ];
  const inFiles = places.map((path) => [path, copiesInFiles(path, needle)] as const);
  return {
    found: [...memory, ...inFiles].filter(([, copies]) => copies > 0),
    processes: memory.length,
    database: database.length,
  };
}

/** What PostgreSQL logs. */
export function postgresLog(dataDirectory: string): string {
  return join(dirname(dataDirectory), 'log');
}

/** Where PostgreSQL has its files, after it wrote everything out. */
export async function flushedDataDirectory(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('checkpoint');
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  await client.end();
  return rows[0]?.data_directory ?? '';
}

/** PostgreSQL has a process for each connection, all children of the one that its data directory names. */
function postgresProcesses(dataDirectory: string): number[] {
  const first = Number(readFileSync(`${dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0]);
  return [first, ...childrenOf(first)];
}

/** A process may end between its listing and the look into it: what is gone holds nothing, nor what nobody has waited for yet. */
function copiesIfThere(pid: number, needle: Needle): number {
  try {
    return copiesInMemory(pid, needle);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone && existsSync(`/proc/${pid}`)) throw error;
    return 0;
  }
}
