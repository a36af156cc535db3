import { existsSync, readFileSync } from 'node:fs';

/** Whether this system tells which memory a process shares with no other. */
export const tellsPrivateMemory = existsSync('/proc/self/smaps_rollup');

/** Memory that a process shares with no other, in KiB. */
export function privateKibOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, [, kib]) => sum + Number(kib), 0);
}
