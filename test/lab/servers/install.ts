import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerAdapter } from './adapter.js';

const programs = fileURLToPath(new URL('./programs/', import.meta.url));
const INSTALL_LIMIT_MS = 600_000;
/** Go compiles packages of folders; its file has to have a name that it takes for a program. */
const NAMES: Readonly<Record<string, string>> = { '.go': 'main.go' };

/** Installs a server into a folder of its own, once; a folder that has the same versions is used as it is. */
export async function install(adapter: ServerAdapter, folder: string): Promise<void> {
  const stamp = join(folder, 'installed.json');
  const wanted = JSON.stringify([adapter.packages ?? adapter.version, adapter.program]);
  const isInstalled = (await readFile(stamp, 'utf8').catch(() => '')) === wanted;
  if (!isInstalled) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (adapter.program !== undefined) {
    const name = NAMES[extname(adapter.program)] ?? basename(adapter.program);
    await copyFile(join(programs, adapter.program), join(folder, name));
  }
  if (isInstalled) return;
  const run = runIn(folder);
  if (adapter.packages) {
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const exact = Object.entries(adapter.packages).map(([name, version]) => `${name}@${version}`);
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', ...exact]);
  }
  await adapter.prepare?.(run);
  await writeFile(stamp, wanted);
}

function runIn(folder: string) {
  return async (command: string, args: readonly string[]): Promise<void> => {
    const file = command.includes('/') ? join(folder, command) : command;
    await promisify(execFile)(file, args, { cwd: folder, timeout: INSTALL_LIMIT_MS, maxBuffer: 64 << 20 });
  };
}
