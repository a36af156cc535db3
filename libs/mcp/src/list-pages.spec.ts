import { describe, expect, it } from 'vitest';
import { ListPages } from './list-pages.js';

/** What each page is, for pages of items and the cursor after them. */
function walk(...pages: [items: string[], next?: string | null][]): string[] {
  const list = new ListPages();
  return pages.map(([items, next]) => list.take(items, next));
}

describe('the pages of a list', () => {
  it('follow each other by their cursors, of which an empty one is valid', () => {
    expect(walk([['a'], 'x'], [['b'], ''], [['c']])).toEqual(['more', 'more', 'last']);
    expect(walk([['a']])).toEqual(['last']);
    expect(walk([['a'], null])).toEqual(['last']);
  });

  it.each([
    ['the same page again', [['a'], ''], [['a'], '']],
    ['the first page again', [['a'], 'x'], [['b'], ''], [['a'], 'x']],
    ['the same page again at another cursor', [['a'], 'x'], [['a'], 'x']],
    ['an empty page again', [[], ''], [[], '']],
  ] as [string, ...[string[], string][]][])('end with %s', (_what, ...pages) => {
    expect(walk(...pages).at(-1)).toBe('repeated');
    expect(walk(...pages).slice(0, -1)).not.toContain('repeated');
  });

  it('do not end with other items at the same cursor', () => {
    expect(walk([['a'], 'x'], [['b'], 'x'])).toEqual(['more', 'more']);
  });

  it('may be over at an empty cursor', () => {
    const list = new ListPages();
    expect(list.mayBeOver).toBe(false);
    list.take(['a'], '');
    expect(list).toMatchObject({ cursor: '', mayBeOver: true });
  });
});
