import { globSync, readFileSync } from 'node:fs';

interface ProcessMemory {
  pid: number;
  /** Of this process alone, in MiB. */
  own: number;
  /** Pages of files: the program, which processes share. */
  files: number;
}

/** The memory of a process and of all that it started, in MiB: pages of files, which they share, count once. Linux only. */
export function memoryOfTree(pid: number): number {
  const each = treeOf(pid);
  return each.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...each.map(({ files }) => files));
}

/** What one of the processes below this one adds, on average. */
export function memoryOfOneBelow(pid: number): number {
  const below = treeOf(pid).filter((each) => each.pid !== pid);
  return below.reduce((sum, { own }) => sum + own, 0) / below.length;
}

function treeOf(root: number): ProcessMemory[] {
  const parents = globSync('/proc/[0-9]*/status').flatMap((file) => {
    const parent = /^PPid:\s+(\d+)/m.exec(contentOf(file))?.[1];
    return parent === undefined ? [] : [[Number(file.split('/')[2]), Number(parent)] as const];
  });
  const below = (of: number): number[] => [of, ...parents.flatMap(([child, parent]) => (parent === of ? below(child) : []))]; // prettier-ignore
  return below(root).map((pid) => {
    const text = contentOf(`/proc/${pid}/smaps_rollup`);
    const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
    return { pid, own: mib('Anonymous'), files: mib('Rss') - mib('Anonymous') };
  });
}

/** Empty for a process that has ended meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
