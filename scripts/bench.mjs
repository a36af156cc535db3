// Runs a benchmark: `node scripts/bench.mjs <name> [arguments]` starts test/bench/<name>/main.ts on the built services.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './bundle-tests.mjs';
import { bundleCli } from './packages/cli-bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name = '', ...given] = process.argv.slice(2);
const stale = spawnSync(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'inherit' });
if (stale.status !== 0) process.exit(stale.status ?? 1);
// `*.process.ts` are the processes that a benchmark starts: dist/bench/<folder>/<file>.process.js
// It measures the command as it is packed.
if (name === 'bridge') await bundleCli(root, join(root, 'dist/bench/lethe'));
await bundleTests('bench', globSync(`test/bench/{${name},load}/{main,*.process}.ts`, { cwd: root }));
const run = spawnSync(process.execPath, [join(root, 'dist/bench', name, 'main.js'), ...given], { stdio: 'inherit' });
process.exit(run.status ?? 1);
