import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from '@test/support/processes.js';
import { BRIDGES } from '../../../apps/registry/src/connect/clients/bridges.js';
import { packAll } from '@test/support/packages.js';
import { bridgeCase, casesOf } from './cases.js';
import type { LabClient } from './client.js';
import { install, runToEnd } from './install.js';
import { canIsolate, isolated } from './isolated.js';
import { CLIENTS } from './list.js';
import { measure } from './measure.js';
import { readOptions } from './options.js';
import { bridgeTable } from './report/bridge-table.js';
import { type Measured, pageOf } from './report/page.js';
import { traceOf } from './report/trace.js';
import { startWorld, type World } from './world/world.js';

const tell = (line: string) => void process.stderr.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const clients = CLIENTS.filter(
  ({ id }) => (options.only.length === 0 || options.only.includes(id)) && (!options.isBridge || id in BRIDGES),
);
const folder = resolve(options.folder ?? (await mkdtemp(join(tmpdir(), 'lethe-lab-clients-'))));
const packagesOf = ({ id }: LabClient) => join(folder, 'packages', id);
const notInstalledFile = join(folder, 'not-installed.json');

if (options.isInside) await runClients();
else await installAndRun();

/** The network is needed for the installation alone: the clients run in a process without it, where that is possible. */
async function installAndRun(): Promise<void> {
  const notInstalled: Record<string, string> = {};
  if (options.isBridge) await installLethe();
  for (const client of clients) {
    tell(`installs ${client.name}`);
    await install(client, packagesOf(client)).catch((error: unknown) => (notInstalled[client.id] = String(error)));
  }
  await writeFile(notInstalledFile, JSON.stringify(notInstalled));
  const inside = [...process.argv.slice(0, 2), ...process.argv.slice(2), '--inside', '--folder', folder];
  const [command = '', ...args] = canIsolate() ? isolated([...inside, '--isolated']) : inside;
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(status ?? 1);
}

/** As npm does it from its registry; without the library for a keychain. */
async function installLethe(): Promise<void> {
  tell('installs lethe');
  await mkdir(join(folder, 'lethe'), { recursive: true });
  const { tarball } = packAll().cli;
  const args = [
    'install',
    '--offline',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    '--prefix',
    join(folder, 'lethe'),
  ];
  await runToEnd({ command: 'npm', args: [...args, tarball], cwd: folder, env: process.env });
}

async function runClients(): Promise<void> {
  const notInstalled = JSON.parse(await readFile(notInstalledFile, 'utf8')) as Record<string, string>;
  const homes = join(folder, 'homes');
  await mkdir(homes, { recursive: true });
  const world = await startWorld();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void world.close().finally(() => process.exit(1)));
  }
  const present = clients.filter(({ id }) => !(id in notInstalled));
  const measured = await measureAll(present, world, homes).finally(() => world.close());
  const missing = clients.filter(({ id }) => id in notInstalled).map(({ name }) => name);
  const page = options.isBridge
    ? ''
    : await pageOf(measured, missing, { isIsolated: options.isIsolated, date: new Date() });
  // A part of the clients is no page.
  if (options.isBridge) process.stdout.write(bridgeTable(measured));
  else if (options.only.length > 0) process.stdout.write(page);
  else await writeFile(join(ROOT, 'docs/compatibility.md'), page);
  for (const [id, why] of Object.entries(notInstalled)) tell(`not run: ${id}: ${why}`);
  process.exit(0);
}

async function measureAll(present: LabClient[], world: World, homes: string): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const client of present) {
    tell(client.name);
    const cases = options.isBridge ? [bridgeCase(world)] : casesOf(world);
    const commands = options.isBridge ? join(folder, 'lethe/node_modules/.bin') : undefined;
    const runs = await measure(client, cases, world, { packages: packagesOf(client), homes, commands }, tell);
    if (options.isVerbose) runs.forEach((run) => tell(traceOf(run)));
    measured.push({ client, runs });
  }
  return measured;
}
