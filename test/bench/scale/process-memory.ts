import { globSync, readFileSync } from 'node:fs';

/** The memory of a process and of all that it started, in MiB: pages of files, which they share, count once. Linux only. */
export function memoryOfTree(pid: number): number {
  const parents = globSync('/proc/[0-9]*/status').flatMap((file) => {
    const parent = /^PPid:\s+(\d+)/m.exec(contentOf(file))?.[1];
    return parent === undefined ? [] : [[Number(file.split('/')[2]), Number(parent)] as const];
  });
  const below = (of: number): number[] => [of, ...parents.flatMap(([child, parent]) => (parent === of ? below(child) : []))]; // prettier-ignore
  const each = below(pid).map((one) => {
    const text = contentOf(`/proc/${one}/smaps_rollup`);
    const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { own: kib('Anonymous'), files: kib('Rss') - kib('Anonymous') };
  });
  // They run the same program: its pages are there once.
  return (each.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...each.map(({ files }) => files))) / 1024;
}

/** Empty for a process that has ended meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
