import { type Bucket, BUCKETS } from '@lethe/contracts';

/** What a proxy keeps over a restart: what was signed for a key, packed blocks by digest, the newest receipts. */
export type StoredKind = Bucket | 'receipts';
export type StoredEntry = readonly [kind: StoredKind, key: string, value: string];

/** Blocks first, and receipts before the servers, so that none of them is served by one that was outdated already. */
export const STORED_KINDS: readonly StoredKind[] = [BUCKETS.blocks, 'receipts', BUCKETS.callers, BUCKETS.servers];

/** What was taken since it was last asked for, so that only that has to be written. */
export class DirtyKeys {
  private readonly keys = new Map<StoredKind, Set<string>>(STORED_KINDS.map((kind) => [kind, new Set()]));

  note(kind: StoredKind, key: string): void {
    this.keys.get(kind)?.add(key);
  }

  get isEmpty(): boolean {
    return [...this.keys.values()].every(({ size }) => size === 0);
  }

  /** In the order of `STORED_KINDS`; they count as saved from now on. */
  drain(): (readonly [StoredKind, string])[] {
    return [...this.keys].flatMap(([kind, keys]) => {
      const taken = [...keys].map((key) => [kind, key] as const);
      keys.clear();
      return taken;
    });
  }
}

export function isStoredEntry(value: unknown): value is StoredEntry {
  const isTriple = Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === 'string');
  return isTriple && STORED_KINDS.some((kind) => kind === value[0]);
}
