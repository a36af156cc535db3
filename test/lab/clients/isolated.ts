import { spawnSync } from 'node:child_process';

const UNSHARE = ['--user', '--map-root-user', '--net', 'sh', '-c'];
const LOOPBACK = 'ip link set lo up';

/** Whether this machine can give a process a network of its own in which there is only loopback. */
export function canIsolate(): boolean {
  return spawnSync('unshare', [...UNSHARE, LOOPBACK], { stdio: 'ignore' }).status === 0;
}

/** The same command in a network of its own. */
export function isolated(command: string[]): string[] {
  return ['unshare', ...UNSHARE, `${LOOPBACK} && exec "$@"`, 'sh', ...command];
}
