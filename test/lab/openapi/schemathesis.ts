import { spawnSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embedded } from '../../support/embedded.js';
import { ROOT } from '../../support/processes.js';

const VERSION = '4.32.5';

/** Lets schemathesis compare a running registry with its document; what it finds goes to the terminal. */
export async function runSchemathesis(
  { registryUrl, admin }: Embedded,
  folder: string,
  given: readonly string[],
): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const run = (command: string, args: string[], env = {}): boolean =>
    spawnSync(command, args, { cwd: folder, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
  const venv = join(folder, 'venv');
  const installed =
    run('python3', ['-m', 'venv', venv]) &&
    run(join(venv, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
  if (!installed) throw new Error('schemathesis could not be installed');
  await copyFile(join(ROOT, 'test/lab/openapi/programs/checks.py'), join(folder, 'checks.py'));
  await copyFile(join(ROOT, 'test/lab/openapi/programs/schemathesis.toml'), join(folder, 'schemathesis.toml'));
  const options = [`--header=Authorization: Bearer ${admin.token}`, '--continue-on-failure', ...given];
  const env = { SCHEMATHESIS_HOOKS: 'checks', PYTHONPATH: folder };
  return run(join(venv, 'bin/st'), ['run', `${registryUrl}/openapi.json`, ...options], env);
}
