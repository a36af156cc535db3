import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation, LabClient } from './client.js';
import { type Command, runCommand } from './run-command.js';

const LIMIT_MS = 10 * 60_000;

/** Installs a client's pinned packages into a folder; packages that are there already are left as they are. */
export async function install({ install: wanted, prepare }: LabClient, folder: string): Promise<void> {
  const mark = join(folder, 'installed.json');
  const text = JSON.stringify(wanted);
  if (!existsSync(mark) || (await readFile(mark, 'utf8')) !== text) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    for (const [command, ...args] of STEPS[wanted.by](wanted.packages, folder)) {
      await runToEnd({ command, args, cwd: folder, env: goEnvironment(folder) });
    }
    await writeFile(mark, text);
  }
  await prepare?.(folder);
}

type Step = [program: string, ...args: string[]];

const STEPS: Record<Installation['by'], (packages: Record<string, string>, folder: string) => Step[]> = {
  npm: (packages) => [
    ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts=false', ...pinned(packages, '@')],
  ],
  pip: (packages, folder) => [
    ['python3', '-m', 'venv', 'venv'],
    [join(folder, 'venv/bin/pip'), 'install', '--quiet', '--disable-pip-version-check', ...pinned(packages, '==')],
  ],
  go: (packages) => [
    ['go', 'mod', 'init', 'lab'],
    ['go', 'get', ...pinned(packages, '@v')],
  ],
};

function pinned(packages: Record<string, string>, sign: string): string[] {
  return Object.entries(packages).map(([name, version]) => `${name}${sign}${version}`);
}

/** The user's own environment, which says where packages come from. Go keeps everything in the folder. */
export function goEnvironment(folder: string): NodeJS.ProcessEnv {
  const inFolder = { GOMODCACHE: join(folder, 'modules'), GOCACHE: join(folder, 'cache') };
  return { ...process.env, ...inFolder, GOFLAGS: '-mod=mod -modcacherw' };
}

/** @throws Error with the end of what the program printed, unless it ends well */
export async function runToEnd(command: Command): Promise<void> {
  const { code, stderr } = await runCommand({ ...command, limitMs: LIMIT_MS });
  const what = [command.command, ...command.args].join(' ');
  if (code !== 0) throw new Error(`${what}: ${code ?? 'took too long'}\n${stderr.slice(-500)}`);
}
