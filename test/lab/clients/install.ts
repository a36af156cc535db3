import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './client.js';
import { runCommand } from './run-command.js';

const LIMIT_MS = 10 * 60_000;

/** Installs a client's pinned packages into a folder. A folder that holds just these is left as it is. */
export async function install({ by, packages }: Installation, folder: string): Promise<void> {
  const done = join(folder, 'installed.json');
  const wanted = JSON.stringify({ by, packages });
  if (existsSync(done) && (await readFile(done, 'utf8')) === wanted) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const step of INSTALLERS[by](packages, folder)) await run(step, folder);
  await writeFile(done, wanted);
}

type Step = [program: string, ...args: string[]];

const INSTALLERS: Record<Installation['by'], (packages: Record<string, string>, folder: string) => Step[]> = {
  npm: (packages) => [
    ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts=false', ...pinned(packages, '@')],
  ],
  pip: (packages, folder) => [
    ['python3', '-m', 'venv', 'venv'],
    [join(folder, 'venv/bin/pip'), 'install', '--quiet', '--disable-pip-version-check', ...pinned(packages, '==')],
  ],
  go: (packages) => [
    ['go', 'mod', 'init', 'lab'],
    ['go', 'get', ...pinned(packages, '@')],
  ],
};

function pinned(packages: Record<string, string>, sign: string): string[] {
  return Object.entries(packages).map(([name, version]) => `${name}${sign}${version}`);
}

/** The user's own settings of the package manager hold here: where packages come from. */
async function run([command, ...args]: Step, cwd: string): Promise<void> {
  const { code, stderr } = await runCommand({ command, args, cwd, env: process.env, limitMs: LIMIT_MS });
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''}: ${code ?? 'took too long'}\n${stderr.slice(-500)}`);
}
