import type { Logger } from '@lethe/platform';
import { assertMessageSize } from '../payload.js';
import { SnapshotPump } from '../snapshot-pump.js';
import { assertSnapshotKey, SnapshotStore, type SnapshotEntry, type SnapshotWatch } from '../snapshot-store.js';
import type { MemoryBroker } from './memory-broker.js';

/** Buckets in the memory of this process. */
export class MemorySnapshotStore extends SnapshotStore {
  constructor(
    private readonly broker: MemoryBroker,
    private readonly logger: Logger | undefined,
  ) {
    super();
  }

  async put(bucket: string, key: string, value: string): Promise<void> {
    assertSnapshotKey(key);
    assertMessageSize(value);
    this.broker.snapshots.put(bucket, key, value);
  }

  async get(bucket: string, key: string): Promise<string | undefined> {
    assertSnapshotKey(key);
    return this.broker.snapshots.get(bucket, key);
  }

  async watch(bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch> {
    const pump = new SnapshotPump(bucket, onEntry, this.logger);
    const { values, close } = this.broker.snapshots.open(bucket, (entry) => pump.push(entry));
    for (const entry of values) pump.push(entry);
    const stop = async (): Promise<void> => {
      close();
      await pump.stop();
    };
    return { ready: pump.drained(), stop };
  }
}
