/** One key of a bucket; without a value it is gone. */
export interface SnapshotEntry {
  key: string;
  value: string | undefined;
}

export interface SnapshotWatch {
  /** Resolves when every value that was there at the start has been handed over. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Published state: the last value of each key, and its changes. A cache; whoever publishes can write it anew. */
export abstract class SnapshotStore {
  /** @throws LetheError `bus_unavailable`; RangeError when the value is longer than a message may be */
  abstract put(bucket: string, key: string, value: string): Promise<void>;
  /** @throws LetheError `bus_unavailable` */
  abstract get(bucket: string, key: string): Promise<string | undefined>;
  /**
   * First all values that are there, then every change, one at a time; values may come again after the bus was away,
   * and a key that vanished meanwhile comes without a value. A bucket that is not there yet is waited for.
   */
  abstract watch(bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch>;
}

/** Keys are slugs, ids and hashes: no wildcard, no separator, nothing that a subject can't hold. */
export function assertSnapshotKey(key: string): void {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(key))
    throw new RangeError('a snapshot key holds letters, digits, "_" and "-" only');
}
