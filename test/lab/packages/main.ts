import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../../support/packages.js';
import { followReadme } from './follow-readme.js';
import { startRegistry } from './registry.js';

/** The oldest and the newest npm that the README names. */
const NPM_VERSIONS = ['10.9.9', '11.21.2'];

const { cli, gateway } = packAll();
const configured = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
const registry = await startRegistry([cli, gateway], configured);
const folder = await mkdtemp(join(tmpdir(), 'lethe-lab-packages-'));
try {
  for (const npm of NPM_VERSIONS) {
    const { node, versions } = await followReadme({ npm, folder: join(folder, npm), registry: registry.url });
    console.log(`npm ${npm} on ${node}: start, add, serve, call; ${versions} packages as in the lock file`);
  }
} finally {
  registry.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
