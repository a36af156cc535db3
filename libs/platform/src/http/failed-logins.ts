import { LRUCache } from 'lru-cache';
import { networkOf } from './network-of.js';

/** Failures of one address that are answered without a wait. */
const FREE = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
/** An address without a failure for so long begins anew. */
const FORGET_MS = 900_000;
/** Addresses that are remembered; beyond that, those that have not failed for longest are forgotten. */
const ADDRESSES = 10_000;

interface Failures {
  count: number;
  waitsUntilMs: number;
}

/**
 * Lets whoever guesses tokens wait, twice as long after each failure. It is asked about failures only: a right token always
 * passes, whatever others behind the same address do.
 */
export class FailedLogins {
  private readonly failures = new LRUCache<string, Failures>({ max: ADDRESSES, ttl: FORGET_MS });

  /** Counts a failure from this address. Returns how many seconds to wait, once there were too many. */
  fail(address: string, nowMs = performance.now()): number | undefined {
    const network = networkOf(address);
    const { count, waitsUntilMs } = this.failures.get(network) ?? { count: 0, waitsUntilMs: 0 };
    if (nowMs < waitsUntilMs) return secondsOf(waitsUntilMs - nowMs);
    const waitMs = count < FREE ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - FREE), LONGEST_WAIT_MS);
    this.failures.set(network, { count: count + 1, waitsUntilMs: nowMs + waitMs });
    return waitMs === 0 ? undefined : secondsOf(waitMs);
  }
}

function secondsOf(ms: number): number {
  return Math.ceil(ms / 1_000);
}
