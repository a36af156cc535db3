import { describe, expect, it } from 'vitest';
import { endOf, hasKeyEnded } from './key-end.js';

const [early, late] = [new Date(10_500), new Date(20_000)];

describe('the end of a key', () => {
  it.each([
    [null, null, null],
    [late, null, late],
    [null, early, early],
    [late, early, early],
    [early, late, early],
  ])('of expiry %s and end %s is the earlier one', (expiresAt, endsAt, end) => {
    expect(endOf({ expiresAt, endsAt })).toBe(end);
  });

  it('comes with the beginning of its second, as proxies count', () => {
    const key = { expiresAt: early, endsAt: null };
    expect(hasKeyEnded(key, new Date(9_999))).toBe(false);
    expect(hasKeyEnded(key, new Date(10_000))).toBe(true);
    expect(hasKeyEnded({ expiresAt: null, endsAt: null }, late)).toBe(false);
  });
});
