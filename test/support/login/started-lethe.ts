import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { runCli } from '../../../apps/cli/src/run-cli.js';
import type { LetheRun } from '../run-lethe.js';

/** A run of the `lethe` command that is not over yet. */
export interface StartedLethe {
  stdin: Writable;
  /** The first match in what it says, as soon as it says so. Fails if the command ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<LetheRun>;
}

/** Starts the `lethe` command in this process, without a terminal. */
export function startLethe(argv: string[], env: NodeJS.ProcessEnv, cwd: string): StartedLethe {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  // Standard error can't be ended, which prompts try.
  Object.assign(streams.stderr, { end: () => streams.stderr });
  const heard = hear(streams);
  const ended = runCli(argv, env, streams, cwd).then((code) => ({ code, ...heard.said }));
  return { stdin: streams.stdin, says: (pattern) => heard.says(pattern, ended), ended };
}

/** Starts the `lethe` command in a process and a process group of its own. */
export function startLetheProcess([program = '', ...argv]: string[], env: NodeJS.ProcessEnv, cwd: string) {
  const child = spawn(process.execPath, [program, ...argv], { env, cwd, detached: true });
  const heard = hear(child);
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    return { code: typeof code === 'number' ? code : -1, signal, ...heard.said };
  });
  const started: StartedLethe = { stdin: child.stdin, says: (pattern) => heard.says(pattern, ended), ended };
  /** As a terminal does it: all processes of the command get it. */
  const interrupt = (signal: NodeJS.Signals): boolean => process.kill(-(child.pid ?? 0), signal);
  return { ...started, ended, stdout: child.stdout, interrupt, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

function hear({ stdout, stderr }: { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
  const said = { out: '', err: '' };
  const watchers = new Set<() => void>();
  const add = (name: 'out' | 'err') => (data: Buffer) => {
    said[name] += data.toString();
    for (const watch of watchers) watch();
  };
  stdout.on('data', add('out'));
  stderr.on('data', add('err'));
  const says = (pattern: RegExp, ended: Promise<LetheRun>): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = pattern.exec(said.err);
        if (found) resolve(found);
      };
      watchers.add(watch);
      watch();
      void ended.then(({ code, err }) => reject(new Error(`ended with ${code} before ${pattern}: ${err}`)));
    });
  return { said, says };
}
