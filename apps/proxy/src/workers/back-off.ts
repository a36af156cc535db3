import { backOffMs } from '@lethe/platform';

const WAITS = { firstMs: 100, mostMs: 30_000 };
/** A process that ran for this long did not fail because of its start. */
const STEADY_MS = 60_000;

/** How long to wait before a process that ended is started anew: twice as long each time it ended soon after its start. */
export class BackOff {
  private quickEnds = 0;

  afterRunning(ranMs: number): number {
    if (ranMs >= STEADY_MS) this.quickEnds = 0;
    return backOffMs(this.quickEnds++, WAITS);
  }
}
