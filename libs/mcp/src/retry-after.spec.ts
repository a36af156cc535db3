import { describe, expect, it } from 'vitest';
import { retryAfterSeconds, waitText } from './retry-after.js';

const NOW = Date.parse('Sun, 29 Nov 2026 12:00:00 GMT');

describe('Retry-After', () => {
  it.each([
    ['401', 401],
    [' 0 ', 0],
    ['99999', 3_600],
    ['999999999999999', 3_600],
    ['Sun, 29 Nov 2026 12:06:41 GMT', 401],
    ['Sunday, 29-Nov-26 12:06:41 GMT', 401],
    ['Sun Nov 29 12:06:41 2026', 401],
    ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    ['2026-11-29T12:06:41Z', undefined],
    ['Sun, 99 Nov 2026 12:06:41 GMT', undefined],
    [['1', '2'], undefined],
    [undefined, undefined],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfterSeconds({ 'retry-after': header }, NOW)).toBe(seconds);
  });

  it('is text in which no number has three digits', () => {
    const texts = [0, 7, 60, 401, 3_600, 3_661].map(waitText);
    expect(texts).toEqual(['0 s', '7 s', '1 min', '6 min 41 s', '1 h', '1 h 1 min 1 s']);
    for (let seconds = 0; seconds <= 3_600; seconds += 1) expect(waitText(seconds)).not.toMatch(/\d{3}/);
  });
});
