const FIRST_MS = 100;
const MAX_MS = 30_000;
/** A process that ran this long did not fail because of its start. */
const STABLE_AFTER_MS = 60_000;

/** How long to wait before a process is restarted. The wait doubles each time the process ended soon after its start. */
export class BackOff {
  private nextMs = FIRST_MS;

  /** @param ranMs how long the process ran before it ended */
  afterRunning(ranMs: number): number {
    const waitMs = ranMs >= STABLE_AFTER_MS ? FIRST_MS : this.nextMs;
    this.nextMs = Math.min(2 * waitMs, MAX_MS);
    return waitMs;
  }
}
