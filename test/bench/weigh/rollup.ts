/** The memory of one process in MiB, as Linux counts it. */
export interface Memory {
  /** All pages that are in RAM. */
  readonly resident: number;
  /** Pages that processes share are divided among all that have them, on the whole machine. */
  readonly proportional: number;
  /** Pages that no other process has. */
  readonly private: number;
  /** What it takes where nothing else runs: pages of files count once, however many of its processes have them. */
  readonly alone: number;
}

/** What `/proc/<pid>/smaps_rollup` says of one process, in MiB. */
export interface Rollup extends Omit<Memory, 'alone'> {
  /** Shared only between processes that were forked from each other; of those, its part. */
  readonly anonymous: number;
  /** Pages of files: the program, which processes share. */
  readonly files: number;
}

const KIB_PER_MIB = 1024;

/** @returns undefined for a process that has ended meanwhile, whose file is empty */
export function parseRollup(text: string): Rollup | undefined {
  const mib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / KIB_PER_MIB;
  const resident = mib('Rss');
  if (resident === 0) return undefined;
  return {
    resident,
    proportional: mib('Pss'),
    private: mib('Private_Clean') + mib('Private_Dirty'),
    anonymous: mib('Pss_Anon'),
    files: resident - mib('Anonymous'),
  };
}

/** Processes that belong together. */
export function totalOf(each: readonly Rollup[]): Memory {
  const sum = (of: (one: Rollup) => number): number => each.reduce((before, one) => before + of(one), 0);
  return {
    resident: sum((one) => one.resident),
    proportional: sum((one) => one.proportional),
    private: sum((one) => one.private),
    alone: sum((one) => one.anonymous) + Math.max(0, ...each.map(({ files }) => files)),
  };
}
