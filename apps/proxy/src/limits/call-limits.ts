import type { ServerLimits } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/authenticator.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import { RateBucket } from './rate-bucket.js';
import { type AppliedRate, ServerRates } from './server-rates.js';

/** Callers that are remembered. One that is forgotten begins with a full bucket. */
const MAX_CALLERS = 10_000;

/** What one caller of one virtual server has used. */
class CallerUse {
  private readonly buckets = new Map<string, RateBucket>();
  private readonly running = new Map<string, number>();

  bucket({ key, rate }: AppliedRate): RateBucket {
    const bucket = this.buckets.get(key) ?? new RateBucket(rate);
    this.buckets.set(key, bucket);
    return bucket;
  }

  runningOf(key: string): number {
    return this.running.get(key) ?? 0;
  }

  add(key: string, calls: 1 | -1): void {
    const running = this.runningOf(key) + calls;
    if (running === 0) this.running.delete(key);
    else this.running.set(key, running);
  }
}

/** Counts the tool calls of callers where a virtual server has limits. Each worker of a proxy counts for itself. */
export class CallLimits {
  private readonly callers = new LRUCache<string, CallerUse>({ max: MAX_CALLERS });
  private readonly rates = new WeakMap<ServerLimits, ServerRates>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /**
   * Counts one call.
   * @returns a function to call when it has ended; undefined if nobody counts how many are running
   * @throws LetheError `rate_limited`; then it does not count
   */
  admit(limits: ServerLimits, caller: Caller, { exposed, gateway }: ExposedItem): (() => void) | undefined {
    const rates = this.ratesOf(limits).of(exposed);
    if (rates.length === 0) return undefined;
    const use = this.useOf(caller);
    const nowMs = this.nowMs();
    const counted = rates.flatMap(({ key, rate: { concurrent } }) =>
      concurrent === undefined ? [] : [{ key: `${key} ${gateway.id}`, concurrent }],
    );
    if (counted.some(({ key, concurrent }) => use.runningOf(key) >= concurrent)) throw refused('concurrent', 1_000);
    assertNoWait(rates, use, nowMs);
    for (const rate of rates) use.bucket(rate).take(nowMs);
    if (counted.length === 0) return undefined;
    for (const { key } of counted) use.add(key, 1);
    return once(() => {
      for (const { key } of counted) use.add(key, -1);
    });
  }

  private ratesOf(limits: ServerLimits): ServerRates {
    const rates = this.rates.get(limits) ?? new ServerRates(limits);
    this.rates.set(limits, rates);
    return rates;
  }

  private useOf({ id, server }: Caller): CallerUse {
    const key = `${server.id} ${id}`;
    const use = this.callers.get(key) ?? new CallerUse();
    this.callers.set(key, use);
    return use;
  }
}

/** All limits are asked before any counts the call. The longest wait is told. @throws LetheError `rate_limited` */
function assertNoWait(rates: readonly AppliedRate[], use: CallerUse, nowMs: number): void {
  const waits = rates.map((rate) => ({ limit: rate.limit, waitMs: use.bucket(rate).waitMs(nowMs) }));
  const longest = waits.reduce((most, each) => (each.waitMs > most.waitMs ? each : most));
  if (longest.waitMs > 0) throw refused(longest.limit, longest.waitMs);
}

function refused(limit: AppliedRate['limit'] | 'concurrent', waitMs: number): LetheError {
  return new LetheError('rate_limited', { limit, retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
