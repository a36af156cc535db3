import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LabClient } from './client.js';
import { install } from './install.js';
import { isolated } from './isolated.js';
import { CLIENTS } from './list.js';
import { measure } from './measure.js';
import { readOptions } from './options.js';
import { runCommand } from './run-command.js';
import { startWorld } from './world/world.js';

const tell = (line: string) => void process.stderr.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const clients = options.only.length === 0 ? CLIENTS : CLIENTS.filter(({ id }) => options.only.includes(id));

const folder = resolve(options.folder ?? (await mkdtemp(join(tmpdir(), 'lethe-lab-clients-'))));
const packages = ({ id }: LabClient) => join(folder, 'packages', id);
for (const client of clients) await install(client.install, packages(client));

const world = await startWorld();
const homes = join(folder, 'homes');
await mkdir(homes, { recursive: true });
for (const client of clients) {
  tell(client.name);
  const runs = await measure(client, world, { packages: packages(client), homes }, tell);
  if (options.isVerbose) for (const [name, run] of Object.entries(runs)) {
    tell(`--- ${name} ${JSON.stringify({ results: run.results, secretFiles: run.secretFiles, failure: run.failure }, null, 1)}`);
    tell(run.said.slice(-3000));
    for (const e of run.exchanges) tell(`   ${e.target} ${e.method} ${e.path} ${e.status} ${JSON.stringify(e.rpc)} ${e.headerNames.join(" ")} ${e.listed?.length ?? ''}`);
  }
}
await world.close();
void isolated; void runCommand; void rm;
