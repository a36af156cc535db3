import { MAX_SEEN, SEEN_OTHER, type SeenCount } from '@lethe/contracts';
import { LRUCache } from 'lru-cache';

/** Rows that are found again by their names; a series holds its own, so forgetting one loses no call. */
const MAX_KNOWN = 10_000;
/** Rows of their own in one report; the calls of the others are added up by outcome, of which there are fewer. */
const MAX_OWN = 400;

/** Calls with the same names that have not been reported yet. */
export interface CallCount extends SeenCount {
  /** Whether a log says that a call with this outcome went well. */
  readonly isSuccess: boolean;
}

/** What the rows of a report are told apart by. */
export type CountNames = Omit<SeenCount, 'calls' | 'seconds'>;

/** Counts calls for the registry. Adding one costs two additions; names are looked up only where a series begins. */
export class SeenCounts {
  private readonly known = new LRUCache<string, CallCount>({ max: MAX_KNOWN });
  private changed: CallCount[] = [];

  /** The row with these names. */
  of(names: CountNames): CallCount {
    const key = keyOf(names);
    const known = this.known.get(key);
    if (known) return known;
    const count = { ...names, calls: 0, seconds: 0, isSuccess: names.outcome === 'ok' };
    this.known.set(key, count);
    return count;
  }

  add(count: CallCount, seconds: number): void {
    if (count.calls === 0) this.changed.push(count);
    count.calls += 1;
    count.seconds += seconds;
  }

  /** What was counted since the last time, in at most `MAX_SEEN.counts` rows. */
  take(): SeenCount[] {
    const rows = new Map<string, SeenCount>();
    for (const count of this.changed.toSorted((a, b) => b.calls - a.calls)) {
      const { server, gateway, method, outcome, limit, calls, seconds } = count;
      count.calls = 0;
      count.seconds = 0;
      addTo(rows, { server, gateway, method, outcome, limit, calls, seconds });
    }
    this.changed = [];
    return [...rows.values()];
  }
}

/** One row for each name; from `MAX_OWN` on, one for each outcome; and one for all when even these are too many. */
function addTo(rows: Map<string, SeenCount>, own: SeenCount): void {
  const other = { ...own, server: SEEN_OTHER, gateway: SEEN_OTHER, method: SEEN_OTHER };
  const last = { ...other, outcome: SEEN_OTHER, limit: '' };
  const folded = rows.size < MAX_SEEN.counts - 1 ? other : last;
  const row = rows.size < MAX_OWN || rows.has(keyOf(own)) ? own : folded;
  const known = rows.get(keyOf(row));
  if (!known) return void rows.set(keyOf(row), row);
  known.calls += row.calls;
  known.seconds += row.seconds;
}

function keyOf({ server, gateway, method, outcome, limit }: CountNames): string {
  return `${server} ${gateway} ${method} ${outcome} ${limit}`;
}
