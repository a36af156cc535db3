import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { cancelled, CliError } from '../errors/cli.error.js';
import { isCode, notWritten } from './write-failure.js';

/** Whoever has a lock works for less than this. So a process that was stopped, or whose number was given again, blocks nobody for ever. */
const STALE_AFTER_MS = 60_000;
/** How long to watch a lock that seems that old: the clock may have been set, or the machine was suspended and its owner goes on. */
const WATCH_MS = 20_000;
/** A lock is taken away within microseconds. */
const BREAKING_MS = 5_000;
const RETRY_MS = 5;

/** Where the numbers of processes are ours: others can share this folder by a mount or a network. */
const PLACE = `${hostname()} ${processNamespace()}`;

/** How long to wait for others. */
export interface LockLimits {
  timeoutMs: number;
  /** Ends the wait, and nothing else. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs work while no other process of this user does work under the same lock: a file that its owner creates and removes.
 * @throws CliError `store_busy`, `cancelled`, `store_unwritable`
 */
export async function underLock<T>(path: string, limits: LockLimits, work: () => Promise<T>): Promise<T> {
  const { timeoutMs, signal } = limits;
  const mark = newMark();
  // Not by the clock of this machine, which may be set meanwhile.
  const end = performance.now() + timeoutMs;
  const watchMs = Math.min(WATCH_MS, timeoutMs / 2);
  for (let seen = { content: '', since: 0 }; !(await create(path, mark));) {
    const now = performance.now();
    if (signal?.aborted === true) throw cancelled();
    if (now > end) throw busy(path);
    const content = (await contentOf(path)) ?? '';
    if (content !== seen.content) seen = { content, since: now };
    const isLong = now - seen.since >= watchMs;
    if (await isStale(path, isLong ? STALE_AFTER_MS : Infinity)) await removeStale(path, isLong);
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
    try {
      await file.writeFile(mark);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw notWritten(error, path);
  }
}

/** Checks and removes under a lock of its own: otherwise two processes could remove one after the other, the second a new lock. */
async function removeStale(path: string, isLong: boolean): Promise<void> {
  const breaking = `${path}.stale`;
  if (!(await create(breaking, newMark()))) {
    if (await isStale(breaking, BREAKING_MS)) await rm(breaking, { force: true });
    return;
  }
  try {
    if (await isStale(path, isLong ? STALE_AFTER_MS : Infinity)) await rm(path, { force: true });
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
  return age > afterMs || (isHere(content) && !isRunning(pid));
}

function newMark(): string {
  return `${process.pid} ${randomUUID()} ${PLACE}`;
}

/** Whether the number in a mark is one of our processes; of another container or machine, it may be anybody's or nobody's. */
function isHere(mark: string): boolean {
  const [, , ...place] = mark.split(' ');
  return place.length === 0 || place.join(' ') === PLACE;
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
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

function busy(path: string): CliError {
  return new CliError('unexpected', 'store_busy', 'Another lethe command keeps the logins busy; nothing was changed', [
    `If none runs, remove ${path}.`,
  ]);
}
