const FIRST_MS = 100;
const MOST_MS = 30_000;
/** Who ran for this long ended for a reason of its own, not of its start's. */
const STEADY_MS = 60_000;

/** How long to wait before a process that ended is started anew: twice as long each time it ended soon after its start. */
export class BackOff {
  private nextMs = FIRST_MS;

  afterRunning(ranMs: number): number {
    const waitMs = ranMs >= STEADY_MS ? FIRST_MS : this.nextMs;
    this.nextMs = Math.min(2 * waitMs, MOST_MS);
    return waitMs;
  }
}
