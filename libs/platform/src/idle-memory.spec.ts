import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { eventually } from '@test/support/eventually.js';
import { giveBackWhenIdle } from './idle-memory.js';

const RULES = { idleMs: 20, againMs: 0, grownBytes: 1024 * 1024 };
const taken = (): number => getHeapStatistics().total_physical_size;

/** Garbage of some 40 MiB that has been used long enough to be old. */
function leaveGarbage(): number {
  const kept = Array.from({ length: 400_000 }, (_, n) => ({ n, text: [n] }));
  return kept.map((each) => ({ ...each })).length;
}

/** Counts the collections of all that can be freed: V8 makes others when it likes. */
function countFull(): { readonly count: () => number; readonly end: () => void } {
  let full = 0;
  const observer = new PerformanceObserver((list) => {
    full += list.getEntries().filter(isFull).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  return { count: () => full, end: () => observer.disconnect() };
}

function isFull(entry: object): boolean {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  const flags = typeof detail === 'object' && detail !== null && 'flags' in detail ? Number(detail.flags) : 0;
  return (flags & constants.NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE) !== 0;
}

describe('giveBackWhenIdle', () => {
  it('gives back what was left, again after more was done, and nothing while requests keep coming', async () => {
    let begun = 0;
    let isCalled = true;
    leaveGarbage();
    const loaded = taken();
    const full = countFull();
    const end = giveBackWhenIdle(() => (isCalled ? (begun += 1) : begun), RULES);
    try {
      await pause(5 * RULES.idleMs);
      expect(full.count()).toBe(0);
      isCalled = false;
      await eventually(async () => expect(full.count()).toBeGreaterThan(0));
      expect(taken()).toBeLessThan(loaded - 10_000_000);
      const idle = taken();
      const before = full.count();
      leaveGarbage();
      expect(taken()).toBeGreaterThan(idle + 10_000_000);
      await eventually(async () => expect(full.count()).toBeGreaterThan(before));
      expect(taken()).toBeLessThan(idle + 10_000_000);
    } finally {
      end();
      full.end();
    }
    expect('gc' in globalThis).toBe(false);
  });
});
