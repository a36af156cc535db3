import { BUCKETS } from '@lethe/contracts';
import { SnapshotStore } from '@lethe/messaging';
import type { SnapshotSink } from '@lethe/persistence';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';

/**
 * Writes the outbox's values to the buckets. Refuses manifests older than the published ones, so that write access to
 * the outbox alone can't restore an old state.
 */
@Injectable()
export class PublishedBuckets implements SnapshotSink {
  constructor(
    private readonly store: SnapshotStore,
    private readonly marks: ReceiptHighWaterMarks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async put(bucket: string, key: string, value: string): Promise<void> {
    if (bucket !== BUCKETS.servers || (await this.mayReplace(key, value))) return this.store.put(bucket, key, value);
    this.logger.error({ bucket, key }, 'A manifest is older than the published one and is not sent');
  }

  /** Reads the bucket first, because its watch may be behind. */
  private async mayReplace(key: string, manifest: string): Promise<boolean> {
    const published = await this.store.get(BUCKETS.servers, key);
    if (published !== undefined) await this.marks.advance(published);
    return this.marks.allowsManifest(manifest);
  }
}
