import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli } from '../../apps/cli/src/run-cli.js';

/** What a run of the `lethe` command printed, and its exit code. */
export interface LetheRun {
  code: number;
  out: string;
  err: string;
}

/** Runs the `lethe` command in this process, without a terminal. @param input what it can read from standard input */
export async function runLethe(argv: string[], env: NodeJS.ProcessEnv, cwd: string, input?: string): Promise<LetheRun> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  if (input !== undefined) streams.stdin.end(input);
  const [out, err] = [text(streams.stdout), text(streams.stderr)];
  const code = await runCli(argv, env, streams, cwd);
  for (const stream of [streams.stdout, streams.stderr]) stream.end();
  return { code, out: await out, err: await err };
}
