import { BUCKETS, type KeptEntry } from '@lethe/contracts';
import { SnapshotStore } from '@lethe/messaging';
import type { SnapshotSink } from '@lethe/persistence';
import { LOGGER, type Logger } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { TamperLog } from '../rows/tamper-log.service.js';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';

/**
 * Writes the outbox's values to the buckets. Refuses manifests and kept credentials older than the published ones, so that
 * write access to the outbox alone can't restore an old state.
 */
@Injectable()
export class PublishedBuckets implements SnapshotSink {
  constructor(
    private readonly store: SnapshotStore,
    private readonly marks: ReceiptHighWaterMarks,
    private readonly trust: Trust,
    private readonly tamper: TamperLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async put(bucket: string, key: string, value: string): Promise<void> {
    if (await this.isNewest(bucket, key, value)) return this.store.put(bucket, key, value);
    this.logger.error({ bucket, key }, 'A value is older than the published one and is not sent');
    this.tamper.report('outbox_message', key);
  }

  private isNewest(bucket: string, key: string, value: string): Promise<boolean> {
    if (bucket === BUCKETS.servers) return this.mayReplace(key, value);
    return bucket === BUCKETS.kept ? this.mayReplaceKept(key, value) : Promise.resolve(true);
  }

  /** What a registry signed stays until another one signs something newer; what is none of its signatures does not count. */
  private async mayReplaceKept(key: string, value: string): Promise<boolean> {
    const published = await this.store.get(BUCKETS.kept, key);
    const known = published === undefined ? undefined : await this.readKept(published);
    const next = await this.readKept(value);
    return next?.gatewayId === key && (known?.gatewayId !== key || next.revision >= known.revision);
  }

  private async readKept(jws: string): Promise<KeptEntry | undefined> {
    return this.trust.verify<KeptEntry>('kept', jws).catch(() => undefined);
  }

  /** Reads the bucket first, because its watch may be behind. */
  private async mayReplace(key: string, manifest: string): Promise<boolean> {
    const published = await this.store.get(BUCKETS.servers, key);
    if (published !== undefined) await this.marks.advance(published);
    return this.marks.allowsManifest(key, manifest);
  }
}
