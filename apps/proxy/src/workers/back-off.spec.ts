import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.js';

describe('BackOff', () => {
  it('doubles the wait, up to half a minute, while workers end soon after their start', () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: 11 }, () => backOff.afterRunning(500));
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(waits.slice(-2)).toEqual([30_000, 30_000]);
  });

  it('resets the wait after a worker that ran for a minute', () => {
    const backOff = new BackOff();
    for (let n = 0; n < 5; n++) backOff.afterRunning(0);
    expect(backOff.afterRunning(60_000)).toBe(100);
    expect(backOff.afterRunning(0)).toBe(200);
  });
});
