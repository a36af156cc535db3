import { existsSync, globSync, readFileSync } from 'node:fs';
import { type Memory, parseRollup, type Rollup, totalOf } from './rollup.js';

/** A process and what it holds. */
export interface ProcessMemory extends Rollup {
  readonly pid: number;
  /** Program and arguments, separated by blanks. */
  readonly command: string;
}

/** Only Linux tells how much of a process's memory it shares. */
export function canReadMemory(): boolean {
  return existsSync('/proc/self/smaps_rollup');
}

/** A process and all that it started, together. Linux only. */
export function memoryOfTree(pid: number): Memory {
  return totalOf(processesOf(pid));
}

/** A process first, then all below it. Linux only. */
export function processesOf(root: number): ProcessMemory[] {
  const parents = globSync('/proc/[0-9]*/status').flatMap((file) => {
    const parent = /^PPid:\s+(\d+)/m.exec(contentOf(file))?.[1];
    return parent === undefined ? [] : [[Number(file.split('/')[2]), Number(parent)] as const];
  });
  const below = (of: number): number[] => [of, ...parents.flatMap(([child, parent]) => (parent === of ? below(child) : []))]; // prettier-ignore
  return below(root).flatMap((pid) => {
    const rollup = parseRollup(contentOf(`/proc/${pid}/smaps_rollup`));
    const command = contentOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    return rollup ? [{ pid, command, ...rollup }] : [];
  });
}

/** The slots of a connector, wherever below this process. */
export function slotsBelow(pid: number): ProcessMemory[] {
  return processesOf(pid).filter((each) => each.pid !== pid && each.command.includes('handshake-child'));
}

/** Seconds that the threads of a process have run until now, whatever else the machine did. Linux only. */
export function cpuSecondsOf(pid: number): number {
  const threads = globSync(`/proc/${pid}/task/*/schedstat`).map((file) => Number(contentOf(file).split(' ')[0] ?? 0));
  return threads.reduce((sum, each) => sum + each, 0) / 1e9;
}

/** Empty for a process that has ended meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
