import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lineOf } from '../../support/faults/fault.js';
import { allDown, PROCESS_FAULTS } from '../../support/faults/process-faults.js';
import { runFaults } from '../../support/faults/run-faults.js';
import { startServices } from '../../support/services/start-services.js';
import { Machine } from './machine.js';
import { CLOCKED, machineFaults } from './machine-faults.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Calls while registries, PostgreSQL and NATS are all down. */
    calls: { type: 'string', default: '100000' },
    /** How long each fault lasts at least. */
    seconds: { type: 'string', default: '30' },
    callers: { type: 'string', default: '12' },
    /** Virtual servers that are published before the first fault. */
    servers: { type: 'string', default: '300' },
    /** Part of the names of the faults to make. */
    only: { type: 'string', default: '' },
    /** A folder for the logs of the services. */
    logs: { type: 'string' },
    inside: { type: 'boolean', default: false },
  },
});

const own = options.inside ? undefined : Machine.own([process.execPath, ...process.argv.slice(1), '--inside']);
if (own) {
  const [command = '', ...args] = own;
  process.exit(spawnSync(command, args, { stdio: 'inherit' }).status ?? 1);
}

const folder = await mkdtemp(join(tmpdir(), 'lethe-lab-faults-'));
// PostgreSQL runs as another user.
await chmod(folder, 0o755);
const machine = new Machine(folder);
const disks = options.inside ? machine.disks() : undefined;
const { faults: ofMachine, skipped } = machineFaults(machine, disks);
const services = await startServices();
try {
  console.log(`seed ${options.seed}; ${options.seconds} s for each fault`);
  for (const line of [...skipped, ...services.missing.map(({ service, why }) => `${service}: ${why}`)])
    console.log(`skipped ${line}`);
  const faults = [allDown(Number(options.calls)), ...PROCESS_FAULTS, ...ofMachine];
  const { violations, verifications, changes } = await runFaults({
    world: {
      ...{ nats: 3, registries: 2, connectors: 2, proxies: 3, ...(disks && { folders: disks }) },
      logs: options.logs,
      envOf: (name) => (CLOCKED.includes(name) ? machine.clockEnv(name) : {}),
    },
    callers: Number(options.callers),
    seed: Number(options.seed),
    servers: Number(options.servers),
    holdMs: Number(options.seconds) * 1_000,
    faults: faults.filter(({ name }) => name.includes(options.only)),
    report: (result) => console.log(lineOf(result)),
  });
  console.log(`${changes} changes; verifications: ${JSON.stringify(Object.fromEntries(verifications))}`);
  console.log(violations.isEmpty ? 'no violation' : violations.toString());
  process.exitCode = violations.isEmpty ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
await services.stop();
if (disks) for (const disk of Object.values(disks)) spawnSync('umount', ['--lazy', disk]);
await rm(folder, { recursive: true, force: true });
process.exit();
