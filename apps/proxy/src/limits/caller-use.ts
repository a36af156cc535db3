import { RateBucket } from './rate-bucket.js';
import type { AppliedRate, ToolRates } from './server-rates.js';

/** What one caller has used of one limit: calls, and those that are running at one gateway. */
export interface Meter {
  readonly limit: AppliedRate['limit'];
  readonly bucket: RateBucket;
  /** Undefined if nobody counts how many are running. */
  readonly concurrent: number | undefined;
  readonly running: { calls: number };
}

/** What one caller of one virtual server has used. */
export class CallerUse {
  private readonly buckets = new Map<string, RateBucket>();
  private readonly running = new Map<string, Meter['running']>();
  private readonly meters = new WeakMap<ToolRates, readonly Meter[]>();

  /** One meter for each limit of a tool. */
  of(rates: ToolRates): readonly Meter[] {
    const known = this.meters.get(rates);
    if (known) return known;
    const meters = rates.rates.map((applied) => this.meter(applied, rates.gatewayId));
    this.meters.set(rates, meters);
    return meters;
  }

  private meter({ limit, key, rate }: AppliedRate, gatewayId: string): Meter {
    const bucket = this.buckets.get(key) ?? new RateBucket(rate);
    this.buckets.set(key, bucket);
    const place = `${key} ${gatewayId}`;
    const running = this.running.get(place) ?? { calls: 0 };
    this.running.set(place, running);
    return { limit, bucket, concurrent: rate.concurrent, running };
  }
}
