import { describe, expect, it } from 'vitest';
import { chooseCoding } from './choose-coding.js';

describe('chooseCoding', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['BR;q=0.5, gzip;q=1.0', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br ; q=0.000, *', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['br;q=x', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes the best that %j allows', (accept, coding) => {
    expect(chooseCoding(accept, ['br', 'gzip'])).toBe(coding);
  });

  it('takes none where nothing was compressed', () => {
    expect(chooseCoding('br', [])).toBeUndefined();
  });
});
