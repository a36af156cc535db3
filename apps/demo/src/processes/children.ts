import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Longer than a service takes at most to end by itself: one that is killed leaves its files behind. */
const STOP_AFTER_MS = 30_000;

/** The processes of the demo, which all end with it. */
export class Children {
  private readonly running = new Set<ChildProcess>();

  /** Starts one of the demo's entry files with a message channel and only the given environment. */
  fork(entry: string, env: NodeJS.ProcessEnv = {}, logFile?: string): ChildProcess {
    const log = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
    const child = fork(pathOf(entry), [], {
      env,
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    });
    if (typeof log === 'number') closeSync(log);
    return this.follow(child);
  }

  /** Starts a built service, with its output in a log file. */
  spawn(entry: string, env: NodeJS.ProcessEnv, logFile: string): ChildProcess {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [pathOf(entry)], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    return this.follow(child);
  }

  private follow(child: ChildProcess): ChildProcess {
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    return child;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running].map((child) => stop(child)));
  }
}

/** Asks a process to end and waits. Kills it when it does not end. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_AFTER_MS);
  await gone;
  clearTimeout(late);
}

/** The next message of a process. Its entry file defines the type. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => {
      reject(new Error(`process ${child.pid ?? '?'} ended before it answered`));
    };
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}

function pathOf(entry: string): string {
  return fileURLToPath(new URL(entry, import.meta.url));
}
