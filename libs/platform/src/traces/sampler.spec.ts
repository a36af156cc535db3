import { describe, expect, it } from 'vitest';
import { samplerOf } from './sampler.js';
import { randomHex } from './span-ids.js';

const parent = (flags: number) => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags });
const IDS = Array.from({ length: 2_000 }, () => randomHex(16));

describe('samplerOf', () => {
  it.each([
    ['always_on', 0, [1, 1, 1]],
    ['always_off', 1, [0, 0, 0]],
    ['traceidratio', 1, [1, 1, 1]],
    ['traceidratio', 0, [0, 0, 0]],
    ['parentbased_always_on', 0, [1, 1, 0]],
    ['parentbased_always_off', 1, [0, 1, 0]],
    ['parentbased_traceidratio', 0, [0, 1, 0]],
  ] as const)(
    '%s with %d: without parent, with one that is sampled, with one that is not',
    (sampler, ratio, expected) => {
      const isSampled = samplerOf({ sampler, samplerRatio: ratio });
      const [id = ''] = IDS;
      expect([undefined, parent(1), parent(0)].map((of) => Number(isSampled(id, of)))).toEqual(expected);
    },
  );

  it('samples a share of all traces, the same ones everywhere', () => {
    const [a, b] = [1, 2].map(() => samplerOf({ sampler: 'traceidratio', samplerRatio: 0.25 }));
    const sampled = IDS.filter((id) => a?.(id, undefined));
    expect(sampled.length / IDS.length).toBeGreaterThan(0.2);
    expect(sampled.length / IDS.length).toBeLessThan(0.3);
    expect(IDS.filter((id) => b?.(id, undefined))).toEqual(sampled);
  });
});
