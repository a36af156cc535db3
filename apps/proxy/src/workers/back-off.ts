import { backOffMs } from '@lethe/platform';

const WAITS = { firstMs: 100, mostMs: 30_000 };
/** A process that ran this long did not fail because of its start. */
const STABLE_AFTER_MS = 60_000;

/** How long to wait before a process is restarted. The wait doubles each time the process ended soon after its start. */
export class BackOff {
  private quickEnds = 0;

  /** @param ranMs how long the process ran before it ended */
  afterRunning(ranMs: number): number {
    if (ranMs >= STABLE_AFTER_MS) this.quickEnds = 0;
    return backOffMs(this.quickEnds++, WAITS);
  }
}
