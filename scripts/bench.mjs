// Runs a benchmark: `node scripts/bench.mjs <name> [arguments]` starts test/bench/<name>/main.ts on the built services.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './bundle-tests.mjs';
import { bundleCli } from './packages/cli-bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [asked = '', ...given] = process.argv.slice(2);
// `npm run bench -- --weigh` measures memory, starts and sizes.
const name = given.includes('--weigh') ? 'weigh' : asked;
const stale = spawnSync(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'inherit' });
if (stale.status !== 0) process.exit(stale.status ?? 1);
// `*.process.ts` are the processes that a benchmark starts: dist/bench/<folder>/<file>.process.js
// It measures the command as it is packed.
if (name === 'bridge') await bundleCli(root, join(root, 'dist/bench/lethe'));
const programs = [`test/bench/{${name},load}/{main,*.process}.ts`];
// Weighing puts the load of calls on what it weighs, and has its bare relay.
if (name === 'weigh' || name === 'scale') programs.push('test/bench/calls/{bare,upstream}.process.ts');
await bundleTests('bench', globSync(programs, { cwd: root }));
const run = spawnSync(process.execPath, [join(root, 'dist/bench', name, 'main.js'), ...given], { stdio: 'inherit' });
process.exit(run.status ?? 1);
