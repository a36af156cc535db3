import type { JsonValue } from '@lethe/contracts';

/**
 * Follows the cursors of one list of an upstream, as the official SDK clients do. An empty cursor is a cursor like any other,
 * but some servers write the end of a list so: then the next page repeats one that is known, or can't be read.
 */
export class ListPages {
  /** The cursor of the page to read next; undefined for the first one. */
  cursor: string | undefined;
  private first: string | undefined;
  private previous: string | undefined;

  /** Whether the page at the cursor may be missing: the list has ended if it can't be read. */
  get mayBeOver(): boolean {
    return this.cursor === '';
  }

  /**
   * Takes the page that was read at the cursor.
   * @returns `repeated` if it is known, so that it does not count and the list has ended; `last`; or `more`
   */
  take(items: JsonValue[], next: JsonValue | undefined): 'repeated' | 'last' | 'more' {
    const follows = typeof next === 'string' ? next : undefined;
    if (this.cursor === undefined && follows === undefined) return 'last';
    const page = JSON.stringify(items);
    const isRepeated = follows === this.cursor && page === this.previous;
    if (this.cursor !== undefined && (isRepeated || (this.mayBeOver && page === this.first))) return 'repeated';
    this.first ??= page;
    this.previous = page;
    this.cursor = follows;
    return follows === undefined ? 'last' : 'more';
  }
}
