import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { ProxySuite } from '../proxy/describe-proxies.js';
import { bundleLethe } from './bridge-process.js';

/** The machine of a caller of the virtual server `team`. */
export interface CallerMachine {
  /** Path of the `lethe` command. */
  program: string;
  /** The caller's key. */
  key: string;
  /** New for each test. */
  home: string;
  /** Has the key, and that home. */
  env: NodeJS.ProcessEnv;
}

/** Publishes `team`, without gateways, and sets the machine of a caller up. It is filled before the first test. */
export function callerMachine({ publish, publishKey }: Pick<ProxySuite, 'publish' | 'publishKey'>): CallerMachine {
  const machine = {} as CallerMachine;
  beforeAll(async () => {
    machine.program = await bundleLethe();
    await publish({ slug: 'team', access: 'key', gateways: [] });
    machine.key = await publishKey('team');
  });
  beforeEach(async () => {
    const home = await mkdtemp(join(tmpdir(), 'lethe-caller-'));
    const env = { PATH: process.env.PATH, HOME: home, LETHE_HOME: home, LETHE_KEY: machine.key };
    Object.assign(machine, { home, env });
  });
  afterEach(() => rm(machine.home, { recursive: true, force: true }));
  return machine;
}
