import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TokenWish } from '../../../apps/cli/src/refresher/access-tokens.js';
import { bundledProgram } from '../bundled-program.js';

/** What each of the processes does. */
export interface RefreshingTask {
  folder: string;
  wish: TokenWish;
  resource: string;
  rounds: number;
  /** Together, each for itself, or only writing. */
  own: 'shared' | 'alone' | 'write';
}

/** A process that is there, and waits. */
export interface RefreshingProcess {
  go(): Promise<{ errors: string[]; seen: number }>;
  kill(): Promise<void>;
}

/** Compiles the program. Returns its path. */
export function bundleRefreshing(): Promise<string> {
  return bundledProgram('test/support/login/refreshing.process.ts');
}

/** Starts one; resolves when it waits. */
export async function startRefreshing(program: string, task: RefreshingTask): Promise<RefreshingProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit');
  await once(lines, 'line');
  return {
    go: async () => {
      const answered = once(lines, 'line');
      child.stdin.write('go\n');
      const [line] = (await answered) as [string];
      await exited;
      return JSON.parse(line) as { errors: string[]; seen: number };
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
