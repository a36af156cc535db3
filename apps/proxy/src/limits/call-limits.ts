import type { ServerLimits } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/authenticator.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import { CallerUse, type Meter } from './caller-use.js';
import { ServerRates } from './server-rates.js';

/** Callers that are remembered. One that is forgotten begins with a full bucket. */
const MAX_CALLERS = 10_000;

/** Counts the tool calls of callers where a virtual server has limits. Each worker of a proxy counts for itself. */
export class CallLimits {
  private readonly callers = new LRUCache<string, CallerUse>({ max: MAX_CALLERS });
  /** By the same object as long as neither key nor virtual server change. */
  private readonly known = new WeakMap<Caller, CallerUse>();
  private readonly rates = new WeakMap<ServerLimits, ServerRates>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /**
   * Counts one call.
   * @returns a function to call when it has ended; undefined if nobody counts how many are running
   * @throws LetheError `rate_limited`; then it does not count
   */
  admit(limits: ServerLimits, caller: Caller, { exposed, gateway }: ExposedItem): (() => void) | undefined {
    const rates = this.ratesOf(limits).of(exposed, gateway.id);
    if (rates.rates.length === 0) return undefined;
    const meters = (this.known.get(caller) ?? this.useOf(caller)).of(rates);
    const nowMs = this.nowMs();
    assertFree(meters, nowMs);
    let areCounted = false;
    for (const { bucket, concurrent, running } of meters) {
      bucket.take(nowMs);
      if (concurrent === undefined) continue;
      running.calls += 1;
      areCounted = true;
    }
    return areCounted ? releaseOf(meters) : undefined;
  }

  private ratesOf(limits: ServerLimits): ServerRates {
    const known = this.rates.get(limits);
    if (known) return known;
    const rates = new ServerRates(limits);
    this.rates.set(limits, rates);
    return rates;
  }

  private useOf(caller: Caller): CallerUse {
    const key = `${caller.server.id} ${caller.id}`;
    const use = this.callers.get(key) ?? new CallerUse();
    this.callers.set(key, use);
    this.known.set(caller, use);
    return use;
  }
}

/** All limits are asked before any counts the call. The longest wait is told. @throws LetheError `rate_limited` */
function assertFree(meters: readonly Meter[], nowMs: number): void {
  let longest: Meter | undefined;
  let longestMs = 0;
  for (const meter of meters) {
    if (meter.concurrent !== undefined && meter.running.calls >= meter.concurrent) throw refused('concurrent', 1_000);
    const waitMs = meter.bucket.waitMs(nowMs);
    if (waitMs > longestMs) [longest, longestMs] = [meter, waitMs];
  }
  if (longest) throw refused(longest.limit, longestMs);
}

function refused(limit: Meter['limit'] | 'concurrent', waitMs: number): LetheError {
  return new LetheError('rate_limited', { limit, retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

/** Counts the call as ended, once. */
function releaseOf(meters: readonly Meter[]): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    for (const { concurrent, running } of meters) if (concurrent !== undefined) running.calls -= 1;
  };
}
