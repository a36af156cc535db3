import { describe, expect, it } from 'vitest';
import { KeptPages } from './kept-pages.js';

describe('KeptPages', () => {
  const owners = Array.from({ length: 4 }, (_, n) => ({ n }));
  const [a, b, c] = owners as [object, object, object];

  it('forgets what was unused longest when there is more than it may hold', () => {
    const pages = new KeptPages(10);
    pages.keep(a, 'x', '1234');
    pages.keep(b, 'x', '1234');
    expect(pages.get(a, 'x')).toBe('1234');
    pages.keep(c, 'x', '1234');
    expect([a, b, c].map((owner) => pages.get(owner, 'x'))).toEqual(['1234', undefined, '1234']);
  });

  it('counts a text that is written again once', () => {
    const pages = new KeptPages(10);
    for (let n = 0; n < 5; n += 1) pages.keep(a, 'x', '12345678');
    pages.keep(b, 'x', '12');
    expect([pages.get(a, 'x'), pages.get(b, 'x')]).toEqual(['12345678', '12']);
  });

  it('holds nothing that is too long alone', () => {
    const pages = new KeptPages(10);
    pages.keep(a, 'x', '12345678901');
    expect(pages.get(a, 'x')).toBeUndefined();
  });
});
