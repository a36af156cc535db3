import { BUCKETS } from '@lethe/contracts';
import { SnapshotStore } from '@lethe/messaging';
import type { SnapshotSink } from '@lethe/persistence';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';

/** The buckets as the outbox fills them: whoever writes to the outbox alone takes back nothing that was published. */
@Injectable()
export class PublishedBuckets implements SnapshotSink {
  constructor(
    private readonly store: SnapshotStore,
    private readonly marks: ReceiptHighWaterMarks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async put(bucket: string, key: string, value: string): Promise<void> {
    if (bucket !== BUCKETS.servers || (await this.mayReplace(key, value))) return this.store.put(bucket, key, value);
    this.logger.error({ bucket, key }, 'A manifest would take back what was published; it is not sent');
  }

  /** What the bucket holds counts, also when its watch has not come so far. */
  private async mayReplace(key: string, manifest: string): Promise<boolean> {
    const held = await this.store.get(BUCKETS.servers, key);
    if (held !== undefined) await this.marks.advance(held);
    return this.marks.allowsManifest(manifest);
  }
}
