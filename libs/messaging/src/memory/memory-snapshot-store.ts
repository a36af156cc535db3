import { assertMessageSize } from '../payload.js';
import { assertSnapshotKey, SnapshotStore, type SnapshotEntry, type SnapshotWatch } from '../snapshot-store.js';
import type { MemoryBroker } from './memory-broker.js';

export class MemorySnapshotStore extends SnapshotStore {
  constructor(private readonly broker: MemoryBroker) {
    super();
  }

  async put(bucket: string, key: string, value: string): Promise<void> {
    assertSnapshotKey(key);
    assertMessageSize(value);
    await Promise.resolve();
    this.broker.snapshots.put(bucket, key, value);
  }

  async get(bucket: string, key: string): Promise<string | undefined> {
    await Promise.resolve();
    return this.broker.snapshots.get(bucket, key);
  }

  watch(bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch> {
    let isStopped = false;
    let last = Promise.resolve();
    const hand = (entry: SnapshotEntry): void => {
      last = last.then(async () => {
        if (!isStopped) await onEntry(entry);
      });
    };
    const { values, close } = this.broker.snapshots.open(bucket, hand);
    values.forEach(hand);
    const stop = async (): Promise<void> => {
      isStopped = true;
      close();
      await last;
    };
    return Promise.resolve({ ready: last, stop });
  }
}
