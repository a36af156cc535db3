// Compiles all services (one TypeScript program) and bundles them; bundles the console and the handshake child into folders of
// their own; and writes which packages are part of the bundles.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleChild } from './child-bundle.mjs';
import { bundledSbom } from './packages/bundled-packages.mjs';
import { bundleServices, COMPILED } from './services/bundle-services.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const bundled = spawn(process.execPath, [join(root, 'scripts', 'build-console.mjs')], {
  cwd: root,
  env,
  stdio: 'inherit',
});
const consoleCode = new Promise((resolve) => bundled.once('close', resolve));
const nest = spawnSync(join(bin, 'nest'), ['build', 'standalone'], { cwd: root, env, stdio: 'inherit' });
if (nest.status !== 0) process.exit(nest.status ?? 1);
// With the build's own migrations: a first start takes it instead of making one, which takes seconds and much memory.
const makeDatabase = join(root, COMPILED, 'apps/registry/src/make-database.js');
const made = spawn(process.execPath, [makeDatabase, join(root, 'dist/database/first.zst')], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
const firstDatabase = new Promise((resolve) => made.once('close', resolve));
const child = await bundleChild(root, join(root, 'dist/handshake-child'));
const bundles = await bundleServices(root);
writeFileSync(join(root, 'dist/bundled.cdx.json'), bundledSbom(root, { ...bundles, 'handshake-child': [child] }));
if ((await consoleCode) !== 0 || (await firstDatabase) !== 0) process.exit(1);
const warmUp = spawnSync(process.execPath, [join(root, 'scripts/services/warm-up.mjs'), join(root, 'dist')], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (warmUp.status !== 0) process.exit(warmUp.status ?? 1);
writeFileSync(join(root, 'dist', '.built'), new Date().toISOString());
