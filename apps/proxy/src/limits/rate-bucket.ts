import type { Rate } from '@lethe/contracts';

/** Sums of fractions of milliseconds are not exact. */
const ROUNDING_MS = 1e-6;

/**
 * Lets `burst` calls through at once, and after that as many as the rate allows: a token bucket, kept as the time at which it
 * is full again (the generic cell rate algorithm, ITU-T I.371). Exact: no call more and none less, whenever they come.
 */
export class RateBucket {
  private readonly intervalMs: number;
  private readonly toleranceMs: number;
  private fullAtMs = -Infinity;

  constructor({ calls, seconds, burst = calls }: Rate) {
    this.intervalMs = (seconds * 1000) / calls;
    this.toleranceMs = (burst - 1) * this.intervalMs;
  }

  /** How long until the next call may pass; 0 if it may now. */
  waitMs(nowMs: number): number {
    const waitMs = this.fullAtMs - this.toleranceMs - nowMs;
    return waitMs > ROUNDING_MS ? waitMs : 0;
  }

  /** Counts a call that may pass now. */
  take(nowMs: number): void {
    this.fullAtMs = Math.max(this.fullAtMs, nowMs) + this.intervalMs;
  }
}
