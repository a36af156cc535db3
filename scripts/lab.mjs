// Runs a lab: `node scripts/lab.mjs <name> [arguments]` starts test/lab/<name>/main.ts on the built services.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './bundle-tests.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name = '', ...given] = process.argv.slice(2);
const stale = spawnSync(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'inherit' });
if (stale.status !== 0) process.exit(stale.status ?? 1);
await bundleTests('lab', [`test/lab/${name}/main.ts`]);
const run = spawnSync(process.execPath, [join(root, 'dist/lab', name, 'main.js'), ...given], { stdio: 'inherit' });
process.exit(run.status ?? 1);
