import { PassThrough } from 'node:stream';
import { runCli } from '../../../apps/cli/src/run-cli.js';
import type { LetheRun } from '../run-lethe.js';

/** A run of the `lethe` command that is not over yet. */
export interface StartedLethe {
  stdin: PassThrough;
  /** The first match in what it says, as soon as it says so. Fails if the command ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<LetheRun>;
}

/** Starts the `lethe` command in this process, without a terminal. */
export function startLethe(argv: string[], env: NodeJS.ProcessEnv, cwd: string): StartedLethe {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  // Standard error can't be ended, which prompts try.
  Object.assign(streams.stderr, { end: () => streams.stderr });
  const said = { out: '', err: '' };
  const watchers = new Set<() => void>();
  const hear = (name: 'out' | 'err') => (data: Buffer) => {
    said[name] += data.toString();
    for (const watch of watchers) watch();
  };
  streams.stdout.on('data', hear('out'));
  streams.stderr.on('data', hear('err'));
  const ended = runCli(argv, env, streams, cwd).then((code) => ({ code, ...said }));
  const says: StartedLethe['says'] = (pattern) =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = pattern.exec(said.err);
        if (found) resolve(found);
      };
      watchers.add(watch);
      watch();
      void ended.then(({ code, err }) => reject(new Error(`ended with ${code} before ${pattern}: ${err}`)));
    });
  return { stdin: streams.stdin, says, ended };
}
