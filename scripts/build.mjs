// Compiles all services (one TypeScript program), and bundles the console and the handshake child into folders of their own.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleChild } from './child-bundle.mjs';

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
const database = join(root, 'dist/database/first.zst');
const made = spawn(process.execPath, [join(root, 'dist/apps/registry/src/make-database.js'), database], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
const firstDatabase = new Promise((resolve) => made.once('close', resolve));
await bundleChild(root, join(root, 'dist/handshake-child'));
if ((await consoleCode) !== 0 || (await firstDatabase) !== 0) process.exit(1);
writeFileSync(join(root, 'dist', '.built'), new Date().toISOString());
