// Compiles all services (one TypeScript program) and bundles the handshake child into a folder of its own.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleChild } from './child-bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const nest = spawnSync(join(bin, 'nest'), ['build', 'standalone'], { cwd: root, env, stdio: 'inherit' });
if (nest.status !== 0) process.exit(nest.status ?? 1);
await bundleChild(root, join(root, 'dist/handshake-child'));
writeFileSync(join(root, 'dist', '.built'), new Date().toISOString());
