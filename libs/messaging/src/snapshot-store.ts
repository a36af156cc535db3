/** One key of a bucket. It was deleted if it has no value. */
export interface SnapshotEntry {
  key: string;
  value: string | undefined;
}

/** A running watch of a bucket. */
export interface SnapshotWatch {
  /** Resolves when all values that existed at the start have been delivered. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** The published state: the last value of each key, and its changes. It is a cache: the publisher can write it again. */
export abstract class SnapshotStore {
  /** @throws LetheError `bus_unavailable`; RangeError if the value is too long for a message */
  abstract put(bucket: string, key: string, value: string): Promise<void>;
  /** @throws LetheError `bus_unavailable` */
  abstract get(bucket: string, key: string): Promise<string | undefined>;
  /**
   * Calls `onEntry` for all existing values, then for every change, one at a time. After a lost connection values may be
   * repeated, and keys that were deleted meanwhile are reported without a value. Waits for a bucket that does not exist yet.
   */
  abstract watch(bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch>;
}

/** Keys are slugs, ids and hashes. They contain no wildcards, separators or other characters with a meaning in subjects. */
export function assertSnapshotKey(key: string): void {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(key))
    throw new RangeError('a snapshot key may contain only letters, digits, "_" and "-"');
}
