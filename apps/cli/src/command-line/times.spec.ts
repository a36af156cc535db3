import { describe, expect, it } from 'vitest';
import { duration, timeAhead, timePast, wholeNumber } from './times.js';

describe('times on the command line', () => {
  it('are durations', () => {
    expect(['90s', '15m', '24h', '7d', '0s', '0'].map(duration)).toEqual([90, 900, 86_400, 604_800, 0, 0]);
  });

  it('are times, or how far away they are', () => {
    expect(timePast('2026-11-30')).toBe('2026-11-30T00:00:00.000Z');
    expect(timePast('2026-11-30T12:00:00+01:00')).toBe('2026-11-30T11:00:00.000Z');
    const past = Date.parse(timePast('1h'));
    expect(Date.now() - past).toBeGreaterThanOrEqual(3_600_000);
    expect(Date.parse(timeAhead('1h')) - Date.now()).toBeGreaterThan(3_590_000);
  });

  it.each(['', '1', 'h', '-1h', '1.5h', '1 h', '1w', '2026-13-01', '2026-11-30T12:00', 'tomorrow'])(
    'are refused: %j',
    (text) => {
      for (const read of [duration, timePast, timeAhead]) expect(() => read(text)).toThrow(/^A time /);
    },
  );

  it('stand beside whole numbers', () => {
    const limit = wholeNumber('--limit', 1, 1_000);
    expect([limit('1'), limit('1000')]).toEqual([1, 1_000]);
    for (const text of ['0', '1001', '-1', '1.5', 'x', ''])
      expect(() => limit(text)).toThrow('--limit takes a whole number from 1 to 1000');
  });
});
