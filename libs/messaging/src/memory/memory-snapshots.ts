import type { SnapshotEntry } from '../snapshot-store.js';

type Listener = (entry: SnapshotEntry) => void;

/** The buckets of one process. */
export class MemorySnapshots {
  private readonly buckets = new Map<string, Map<string, string>>();
  private readonly listeners = new Map<string, Set<Listener>>();

  put(bucket: string, key: string, value: string): void {
    const values = this.buckets.get(bucket) ?? new Map<string, string>();
    this.buckets.set(bucket, values.set(key, value));
    for (const listener of this.listeners.get(bucket) ?? []) listener({ key, value });
  }

  get(bucket: string, key: string): string | undefined {
    return this.buckets.get(bucket)?.get(key);
  }

  /** Returns the current values, and calls the listener for every later change. */
  open(bucket: string, listener: Listener): { values: SnapshotEntry[]; close: () => void } {
    const listeners = this.listeners.get(bucket) ?? new Set();
    this.listeners.set(bucket, listeners.add(listener));
    const values = [...(this.buckets.get(bucket) ?? [])].map(([key, value]) => ({ key, value }));
    return { values, close: () => void listeners.delete(listener) };
  }
}
