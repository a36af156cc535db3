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

describe('giveBackWhenIdle', () => {
  it('gives back what was left, again after more was done, and nothing while requests keep coming', async () => {
    let begun = 0;
    let isCalled = true;
    leaveGarbage();
    const loaded = taken();
    const end = giveBackWhenIdle(() => (isCalled ? (begun += 1) : begun), RULES);
    try {
      await pause(5 * RULES.idleMs);
      expect(taken()).toBeGreaterThan(loaded - 10_000_000);
      isCalled = false;
      await eventually(async () => expect(taken()).toBeLessThan(loaded - 10_000_000));
      const idle = taken();
      leaveGarbage();
      expect(taken()).toBeGreaterThan(idle + 10_000_000);
      await eventually(async () => expect(taken()).toBeLessThan(idle + 10_000_000));
    } finally {
      end();
    }
    expect('gc' in globalThis).toBe(false);
  });
});
