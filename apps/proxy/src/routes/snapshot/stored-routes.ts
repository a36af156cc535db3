import { type Bucket, BUCKETS } from '@lethe/contracts';

/** What a proxy stores for a restart: signed values by key, compressed blocks by digest, the newest receipts. */
export type StoredKind = Bucket | 'receipts';
/** One stored value. */
export type StoredEntry = readonly [kind: StoredKind, key: string, value: string];

/**
 * The order in which kinds are stored: blocks first, and receipts before servers, so that no server is loaded with an
 * outdated receipt.
 */
export const STORED_KINDS: readonly StoredKind[] = [
  ...([BUCKETS.blocks, 'receipts', BUCKETS.callers] as const),
  ...([BUCKETS.kept, BUCKETS.servers] as const),
];

/** Where the current values of one kind are. */
interface StoredSource {
  size(): number;
  keys(): Iterable<string>;
  value(key: string): string | undefined;
}

/** Where the values of each kind are. */
export type StoredSources = Readonly<Record<StoredKind, StoredSource>>;

/** The current entries, as they are stored for a restart: signed, sealed or content-addressed, nothing secret in clear. */
export class StoredState {
  constructor(private readonly sources: StoredSources) {}

  entry(kind: StoredKind, key: string): StoredEntry | undefined {
    const value = this.sources[kind].value(key);
    return value === undefined ? undefined : [kind, key, value];
  }

  *all(): Generator<StoredEntry, undefined> {
    for (const kind of STORED_KINDS) {
      for (const key of this.sources[kind].keys()) {
        const entry = this.entry(kind, key);
        if (entry) yield entry;
      }
    }
  }

  get count(): number {
    return STORED_KINDS.reduce((sum, kind) => sum + this.sources[kind].size(), 0);
  }
}

/** Keys that changed since the last save, so that only these are written. */
export class DirtyKeys {
  private readonly keys = new Map<StoredKind, Set<string>>(STORED_KINDS.map((kind) => [kind, new Set()]));

  note(kind: StoredKind, key: string): void {
    this.keys.get(kind)?.add(key);
  }

  get isEmpty(): boolean {
    return [...this.keys.values()].every(({ size }) => size === 0);
  }

  /** Returns the keys in the order of `STORED_KINDS` and forgets them. */
  drain(): (readonly [StoredKind, string])[] {
    return [...this.keys].flatMap(([kind, keys]) => {
      const taken = [...keys].map((key) => [kind, key] as const);
      keys.clear();
      return taken;
    });
  }
}

/** Whether a parsed line of the route file is an entry. */
export function isStoredEntry(value: unknown): value is StoredEntry {
  const isTriple = Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string');
  return isTriple && STORED_KINDS.some((kind) => kind === value[0]);
}
