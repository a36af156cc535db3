import type { Logger } from '@lethe/platform';
import type { SnapshotEntry } from './snapshot-store.js';

/** Passes entries to a watcher one at a time and in order. A watcher that throws misses only that entry. */
export class SnapshotPump {
  private last = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly bucket: string,
    private readonly onEntry: (entry: SnapshotEntry) => void | Promise<void>,
    private readonly logger?: Logger,
  ) {}

  push(entry: SnapshotEntry): void {
    this.last = this.last.then(() => this.run(entry));
  }

  /** Resolves when all entries that were pushed so far have been processed. */
  drained(): Promise<void> {
    return this.last;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.last;
  }

  private async run(entry: SnapshotEntry): Promise<void> {
    if (this.isStopped) return;
    try {
      await this.onEntry(entry);
    } catch (error) {
      this.logger?.error({ bucket: this.bucket, key: entry.key, err: error }, 'A watcher failed on an entry');
    }
  }
}
