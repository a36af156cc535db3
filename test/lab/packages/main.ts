import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../../support/packages.js';
import { startEmbedded } from '../../support/embedded.js';
import { servedBy } from '../../support/calls.js';
import { startModernUpstream } from '../../support/upstreams/index.js';
import { bridgeOn } from './bridge-on-node.js';
import { followReadme } from './follow-readme.js';
import { startRegistry } from './registry.js';

/** The oldest and the newest npm that the README names. */
const NPM_VERSIONS = ['10.9.9', '11.21.2'];

/** What `lethe` runs on: the newest of each line. */
const NODE_VERSIONS = ['20.20.2', '22.23.5', '24.22.3', '26.12.1'];

const { cli, gateway } = packAll();
const configured = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
const registry = await startRegistry([cli, gateway], configured);
const folder = await mkdtemp(join(tmpdir(), 'lethe-lab-packages-'));
try {
  // `-- --bridges`: those alone.
  for (const npm of process.argv.includes('--bridges') ? [] : NPM_VERSIONS) {
    const { node, versions } = await followReadme({ npm, folder: join(folder, npm), registry: registry.url });
    console.log(`npm ${npm} on ${node}: start, add, serve, call; ${versions} packages as in the lock file`);
  }
  await startBridges(folder);
} finally {
  registry.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function startBridges(into: string): Promise<void> {
  const [lethe, upstream] = await Promise.all([startEmbedded(), startModernUpstream({ name: 'up' })]);
  try {
    await lethe.admin.register({ name: 'up', url: upstream.url }, 'none');
    await lethe.admin.ask('POST', '/servers', { name: 'up', include: [{ gateway: 'up' }] });
    const key = await lethe.admin.callerKey();
    await servedBy(lethe.proxyUrl, 'up', key);
    const url = `${lethe.proxyUrl}/servers/up/mcp`;
    for (const node of NODE_VERSIONS) {
      const ms = await bridgeOn({ node, tarball: cli.tarball, folder: join(into, `node-${node}`), url, key });
      console.log(
        `npm exec lethe bridge on Node.js ${node}, offline, without optional packages: first line after ${Math.round(ms)} ms`,
      );
    }
  } finally {
    await Promise.all([lethe.stop(), upstream.close()]);
  }
}
