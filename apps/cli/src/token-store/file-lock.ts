import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../errors/cli.error.js';

/** Whoever has a lock works for less than this. So a process that was stopped, or whose number was given again, blocks nobody for ever. */
const STALE_AFTER_MS = 60_000;
/** A lock is taken away within microseconds. */
const BREAKING_MS = 5_000;
const RETRY_MS = 5;

/** How long to wait for others. */
export interface LockLimits {
  timeoutMs: number;
}

/**
 * Runs work while no other process of this user does work under the same lock: a file that its owner creates and removes.
 * @throws CliError `store_busy`
 */
export async function underLock<T>(path: string, { timeoutMs }: LockLimits, work: () => Promise<T>): Promise<T> {
  const mark = `${process.pid} ${randomUUID()}`;
  const end = Date.now() + timeoutMs;
  while (!(await create(path, mark))) {
    if (Date.now() > end) throw busy(path);
    if (await isStale(path, STALE_AFTER_MS)) await removeStale(path);
    else await pause(RETRY_MS + Math.random() * RETRY_MS);
  }
  try {
    return await work();
  } finally {
    // Not that of a successor, if this process was stopped for so long that it lost the lock.
    if ((await contentOf(path)) === mark) await rm(path, { force: true });
  }
}

async function create(path: string, mark: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(mark).finally(() => file.close());
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Checks and removes under a lock of its own: otherwise two processes could remove one after the other, the second a new lock. */
async function removeStale(path: string): Promise<void> {
  const breaking = `${path}.stale`;
  if (!(await create(breaking, String(process.pid)))) {
    if (await isStale(breaking, BREAKING_MS)) await rm(breaking, { force: true });
    return;
  }
  try {
    if (await isStale(path, STALE_AFTER_MS)) await rm(path, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}

async function isStale(path: string, afterMs: number): Promise<boolean> {
  const [content, age] = await Promise.all([contentOf(path), ageOf(path)]);
  if (content === undefined || age === undefined) return false;
  const pid = Number.parseInt(content, 10);
  // Its owner has created it, and not yet written its number.
  if (!Number.isSafeInteger(pid)) return age > BREAKING_MS;
  return age > afterMs || !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function ageOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
}

/** Whether it is an error of the operating system with this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function busy(path: string): CliError {
  return new CliError('unexpected', 'store_busy', 'Another lethe command keeps the logins busy; nothing was changed', [
    `If none runs, remove ${path}.`,
  ]);
}
