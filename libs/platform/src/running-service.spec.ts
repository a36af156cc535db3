import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CANARY = 'canary-9b2e4f';
const service = fileURLToPath(new URL('running-service.ts', import.meta.url));
const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Starts, and fails in the way that the second argument names. The secret is the first one: no file holds it. */
const MAIN = `import { runMain } from ${JSON.stringify(service)};
const [, , secret, how] = process.argv;
const failure = () =>
  Object.assign(new TypeError('bad value: ' + secret), { token: secret, cause: new Error(secret) });
const ways = {
  thrown: () => setImmediate(() => { throw failure(); }),
  rejected: () => void Promise.reject(failure()),
  text: () => void Promise.reject(secret),
  start: () => { throw failure(); },
  early: () => {
    setImmediate(() => process.kill(process.pid, 'SIGTERM'));
    return new Promise(() => undefined);
  },
  serving: (onServing) => {
    onServing({ url: '', close: async () => { failStart(new Error('closed')); await new Promise(setImmediate); console.log('closed'); } });
    setImmediate(() => process.kill(process.pid, 'SIGTERM'));
    return new Promise((_resolve, reject) => { failStart = reject; });
  },
  twice: () => setImmediate(() => process.kill(process.pid, 'SIGINT')),
};
let failStart;
/** Gets the same signal again while it closes, as from npm. */
async function close() {
  const again = new Promise((resolve) => process.once('SIGINT', resolve));
  process.kill(process.pid, 'SIGINT');
  await again;
  await new Promise(setImmediate);
  console.log('closed');
}
setTimeout(() => process.exit(99), 20_000);
runMain(async (onServing) => {
  await ways[how](onServing);
  return { url: '', close };
});`;

describe('runMain', () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-crash-'));
    await build({
      stdin: { contents: MAIN, resolveDir: dir, loader: 'ts' },
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
      outfile: join(dir, 'main.cjs'),
      bundle: true,
      platform: 'node',
      packages: 'external',
    });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  function run(how: string): Promise<{ exitCode: number; output: string }> {
    return new Promise((resolve) => {
      const env = { NODE_PATH: packages };
      execFile(process.execPath, [join(dir, 'main.cjs'), CANARY, how], { env }, (error, stdout, stderr) => {
        const exitCode = error ? Number(error.code ?? error.signal) : 0;
        resolve({ exitCode, output: stdout + stderr });
      });
    });
  }

  it.each([
    ['thrown', 'Crashed', 'TypeError'],
    ['rejected', 'Crashed', 'TypeError'],
    ['text', 'Crashed', 'thrown string'],
    ['start', 'Start failed', 'TypeError'],
  ])('ends a process in one line that quotes nothing of the error: %s', async (how, msg, name) => {
    const { exitCode, output } = await run(how);
    expect(output).not.toContain(CANARY);
    expect(exitCode).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(output)).toMatchObject({ level: 'fatal', msg, err: { name } });
  });

  it('ends at once, without an error, at a signal during its start', async () => {
    expect(await run('early')).toEqual({ exitCode: 0, output: '' });
  });

  it('ends in order at a signal during its start, when it serves already', async () => {
    expect(await run('serving')).toEqual({ exitCode: 0, output: 'closed\n' });
  });

  it('ends in order when npm hands the same Ctrl-C on once more', async () => {
    expect(await run('twice')).toEqual({ exitCode: 0, output: 'closed\n' });
  });
});
