import { seeded } from '@test/support/random-json.js';
import { verifies } from '@test/requirements.js';
import { describe, expect, it } from 'vitest';
import { RateBucket } from './rate-bucket.js';

/** A token bucket as textbooks have it, in whole numbers: one call is worth `seconds * 1000` parts, `calls` come each millisecond. */
class Textbook {
  private parts: bigint;
  private atMs = 0;
  private readonly cost: bigint;
  private readonly most: bigint;

  constructor(
    private readonly calls: number,
    seconds: number,
    burst: number,
  ) {
    this.cost = BigInt(seconds) * 1000n;
    this.most = this.cost * BigInt(burst);
    this.parts = this.most;
  }

  take(nowMs: number): boolean {
    const filled = this.parts + BigInt(nowMs - this.atMs) * BigInt(this.calls);
    this.parts = filled < this.most ? filled : this.most;
    this.atMs = nowMs;
    if (this.parts < this.cost) return false;
    this.parts -= this.cost;
    return true;
  }
}

describe('a rate', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('lets exactly as many calls through as it says (seed %i)', (seed) => {
    verifies('limits.exact');
    const random = seeded(seed);
    const below = (most: number): number => 1 + Math.floor(random() * most);
    const rate = { calls: below(50), seconds: below(60), burst: below(20) };
    const [bucket, textbook] = [new RateBucket(rate), new Textbook(rate.calls, rate.seconds, rate.burst)];
    let nowMs = 0;
    let passed = 0;
    for (let call = 0; call < 5_000; call += 1) {
      if (random() < 0.6) nowMs += Math.floor(random() * 3 * ((rate.seconds * 1000) / rate.calls));
      const waitMs = bucket.waitMs(nowMs);
      expect([call, waitMs === 0]).toEqual([call, textbook.take(nowMs)]);
      if (waitMs === 0) bucket.take(nowMs);
      passed += waitMs === 0 ? 1 : 0;
    }
    expect(passed).toBeGreaterThan(100);
  });

  it('says exactly when the next call may come', () => {
    const bucket = new RateBucket({ calls: 3, seconds: 1 });
    for (let call = 0; call < 3; call += 1) {
      expect(bucket.waitMs(0)).toBe(0);
      bucket.take(0);
    }
    expect(bucket.waitMs(0)).toBeCloseTo(1000 / 3);
    expect(bucket.waitMs(333)).toBeGreaterThan(0);
    expect(bucket.waitMs(334)).toBe(0);
  });
});
