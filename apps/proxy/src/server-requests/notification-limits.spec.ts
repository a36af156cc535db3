import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotificationLimits } from './notification-limits.js';
import type { NotificationKind } from './own-notifications.js';

describe('NotificationLimits', () => {
  let sent: string[];
  let limits: NotificationLimits;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    limits = new NotificationLimits(
      'g',
      (json) => void sent.push(json),
      () => Date.now(),
    );
  });
  afterEach(() => void vi.useRealTimers());
  const take = (kind: NotificationKind, json: string, key = '') => limits.take({ kind, key, json });

  it('lets the first change of each list through at once, and joins the others in one per second', () => {
    expect([take('tools', 'a'), take('prompts', 'p'), take('tools', 'b'), take('tools', 'c')]).toEqual([
      'passes',
      'passes',
      'held',
      'held',
    ]);
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual(['c']);
    vi.advanceTimersByTime(10_000);
    expect(sent).toEqual(['c']);
  });

  it('keeps the last of what is about the same, in order, and a bounded number of others', () => {
    for (let n = 0; n < 100; n += 1) take('updated', 'x');
    for (let n = 0; n < 1_000; n += 1) take('updated', `${n}`, `uri-${n % 300}`);
    expect(take('updated', 'x'.repeat(5_000), 'long')).toBe('dropped');
    vi.advanceTimersByTime(20_000);
    expect(sent).toHaveLength(256);
    expect(sent[0]).toBe('900');
  });

  it('says how many log messages it left out, at once and then every ten seconds', () => {
    for (let n = 0; n < 300; n += 1) take('log', 'line');
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/"logger":"lethe:limits".*100 were left out/);
    for (let n = 0; n < 60; n += 1) take('log', 'line');
    vi.advanceTimersByTime(5_000);
    expect(sent).toHaveLength(1);
    expect(limits.finish()).toEqual([expect.stringContaining('10 were left out')]);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(1);
  });
});
