import type { ChildProcess } from 'node:child_process';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Children } from './children.js';

const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** A running Lethe: all three services in one process, with embedded database and bus. */
export interface Lethe {
  registryUrl: string;
  proxyUrl: string;
  doorUrl: string | null;
  adminToken: string;
  pid: number;
}

/** Starts Lethe like `npm start` in a new data directory, and waits until it has written its addresses. */
export async function startLethe(children: Children, home: string, env: NodeJS.ProcessEnv): Promise<Lethe> {
  const runtimeFile = join(home, 'runtime.json');
  const logFile = join(home, 'logs', 'lethe.log');
  await mkdir(join(home, 'logs'), { recursive: true, mode: 0o700 });
  const child = children.spawn('../../../standalone/src/main.js', embedded(env, home), logFile);
  const runtime = await appeared(runtimeFile, child, logFile);
  const adminToken = (await readFile(join(home, 'admin-token'), 'utf8')).trim();
  return { ...runtime, adminToken, pid: child.pid ?? -1 };
}

/** The demo's own parts and ports, whatever the environment of another Lethe says. An empty setting counts as absent. */
function embedded(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  return {
    ...env,
    ...{ LETHE_HOME: home, DATABASE_URL: '', NATS_URL: '', LETHE_TRUST: '', LETHE_ALLOWED_UPSTREAMS: '' },
    ...{ LETHE_PUBLIC_URL: '', LETHE_DOOR_URL: '', LETHE_REGISTRY_PUBLIC_URL: '' },
    // The usual ports are left to `npm start`.
    ...{ REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' },
  };
}

async function appeared(
  file: string,
  child: ChildProcess,
  logFile: string,
): Promise<Omit<Lethe, 'adminToken' | 'pid'>> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await exists(file))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Lethe did not start; see ${logFile}`);
    if (Date.now() > deadline)
      throw new Error(`Lethe has not started after ${START_TIMEOUT_MS / 1000} s; see ${logFile}`);
    await pause(LOOK_EVERY_MS);
  }
  return JSON.parse(await readFile(file, 'utf8')) as Lethe;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
