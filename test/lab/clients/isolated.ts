import { spawnSync } from 'node:child_process';

/** A network with only loopback, and a process tree that ends as a whole. */
const UNSHARE = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c'];
const LOOPBACK = 'ip link set lo up';

/** Whether this machine can do that. */
export function canIsolate(): boolean {
  return spawnSync('unshare', [...UNSHARE, LOOPBACK], { stdio: 'ignore' }).status === 0;
}

/** The same command, isolated so. */
export function isolated(command: string[]): string[] {
  return ['unshare', ...UNSHARE, `${LOOPBACK} && exec "$@"`, 'sh', ...command];
}
