import { setTimeout as pause } from 'node:timers/promises';

export interface Memory {
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly externalMiB: number;
  /** The most that this process ever had. */
  readonly peakMiB: number;
}

const MIB = 1024 * 1024;

/** After what is unused was collected; needs `--expose-gc`. */
export async function memoryOf(): Promise<Memory> {
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc?.();
    await pause(100);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rssMiB: rss / MIB,
    heapMiB: heapUsed / MIB,
    externalMiB: external / MIB,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}
