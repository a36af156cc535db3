import { spawn } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Long enough for the slowest agent on a busy machine. */
const LIMIT_MS = 100_000;

/** A program to run. */
export interface Command {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  limitMs?: number;
}

/** What a program printed, and how it ended. */
export interface Ended {
  /** Undefined if it was ended because it took too long. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * What every client may see of the environment: no proxy, no login, no telemetry where it can be told so.
 * @param commands a folder with further commands
 */
export function quietEnvironment(home: string, commands?: string): Record<string, string> {
  return {
    PATH: [
      ...(commands === undefined ? [] : [commands]),
      dirname(process.execPath),
      '/usr/local/go/bin',
      '/usr/local/bin',
      '/usr/bin',
      '/bin',
    ].join(':'),
    HOME: home,
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: 'true',
    LANG: 'C.UTF-8',
    DO_NOT_TRACK: '1',
    DISABLE_TELEMETRY: '1',
  };
}

/** Runs a program in a process group of its own, ends the whole group after it or after the limit, and gives what it printed. */
export async function runCommand({ command, args, cwd, env, limitMs = LIMIT_MS }: Command): Promise<Ended> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  if (child.pid !== undefined) running.add(child.pid);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, limitMs);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    // Not `close`: a process left behind may hold the pipes.
    child.once('exit', (exitCode) => resolve(exitCode ?? -1));
  }).finally(() => {
    clearTimeout(late);
    endGroup(child.pid);
    if (child.pid !== undefined) running.delete(child.pid);
  });
  return { code: isLate ? undefined : code, ...output };
}

const running = new Set<number>();
process.once('exit', () => running.forEach(endGroup));

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** Ends the processes that a client left behind, such as a daemon of its own: those that work in this folder. Linux only. */
export async function endProcessesIn(folder: string): Promise<void> {
  const entries = await readdir('/proc').catch(() => []);
  for (const pid of entries.filter((entry) => /^\d+$/.test(entry))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (cwd === folder || cwd.startsWith(`${folder}/`)) process.kill(Number(pid), 'SIGKILL');
  }
}
