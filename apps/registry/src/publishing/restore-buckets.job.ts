import { createHash } from 'node:crypto';
import { type Bucket, BUCKETS } from '@lethe/contracts';
import { SnapshotStore, type SnapshotWatch } from '@lethe/messaging';
import { Database, sendAgain } from '@lethe/persistence';
import { LOGGER, type Logger, sleep } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';

const EVERY_MS = 15_000;
/** A bucket that was replaced reports all its keys as deleted, one after another. */
const AFTER_LOSS_MS = 200;
/** How long the start waits until the published state is known. */
const MARKS_TIMEOUT_MS = 5_000;
/** Blocks come first, because a manifest takes effect only when its blocks have arrived. */
const ORDER: Bucket[] = [BUCKETS.blocks, BUCKETS.servers, BUCKETS.callers, BUCKETS.kept];

/**
 * Compares the buckets with the database and sends again what is missing or different: buckets are caches. For blocks
 * the key is enough, because it is the digest of the value. Also feeds published manifests to the high-water marks.
 */
@Injectable()
export class RestoreBuckets {
  private readonly hashes = new Map<Bucket, Map<string, string>>(ORDER.map((bucket) => [bucket, new Map()]));
  private readonly watches: SnapshotWatch[] = [];
  private timer: NodeJS.Timeout | undefined;
  private afterLoss: NodeJS.Timeout | undefined;
  private running = Promise.resolve();

  constructor(
    private readonly store: SnapshotStore,
    private readonly database: Database,
    private readonly marks: ReceiptHighWaterMarks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Starts watching. Resolves when the published state is known, or after a few seconds if the bus is unavailable. */
  async start(): Promise<void> {
    for (const bucket of ORDER) this.watches.push(await this.watch(bucket));
    this.timer = setInterval(() => this.again(), EVERY_MS);
    void Promise.all(this.watches.map(({ ready }) => ready)).then(
      () => this.again(),
      (error: unknown) => this.logger.warn({ err: error }, 'The buckets can not be read yet'),
    );
    await Promise.race([this.marksAreKnown(), sleep(MARKS_TIMEOUT_MS, { ref: false })]);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.afterLoss);
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await this.running;
  }

  /** Runs one round and returns how many values are sent again. Two replicas that miss the same value queue it once. */
  async restore(): Promise<number> {
    let count = 0;
    for (const bucket of ORDER) {
      const missing = await this.missing(bucket);
      if (missing.length === 0) continue;
      count += await this.database.transaction((em) => sendAgain(em, bucket, missing));
    }
    if (count > 0) this.logger.info({ count }, 'Sending missing published values again');
    return count;
  }

  private again(): void {
    this.running = this.running
      .then(async () => {
        await this.restore();
      })
      .catch((error: unknown) => this.logger.warn({ err: error }, 'Comparing the buckets failed'));
  }

  /** Reading creates a missing bucket; its watch is then ready at once, here and in the proxies that wait for it. */
  private async marksAreKnown(): Promise<void> {
    try {
      for (const bucket of ORDER) {
        await this.store.get(bucket, 'none');
        if (bucket === BUCKETS.servers) await this.watches[ORDER.indexOf(bucket)]?.ready;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Started without the published state: the bus is unavailable');
    }
  }

  private watch(bucket: Bucket): Promise<SnapshotWatch> {
    return this.store.watch(bucket, async ({ key, value }) => {
      if (value === undefined) this.noteLoss(bucket, key);
      else this.hashes.get(bucket)?.set(key, createHash('sha256').update(value).digest('hex'));
      if (value !== undefined && bucket === BUCKETS.servers) await this.marks.advance(value);
    });
  }

  private noteLoss(bucket: Bucket, key: string): void {
    this.hashes.get(bucket)?.delete(key);
    this.afterLoss ??= setTimeout(() => {
      this.afterLoss = undefined;
      this.again();
    }, AFTER_LOSS_MS);
  }

  private async missing(bucket: Bucket): Promise<string[]> {
    const hash = bucket === BUCKETS.blocks ? 'key' : `encode(sha256(convert_to(value, 'UTF8')), 'hex')`;
    const rows = await this.database.read((em) =>
      em.execute<{ key: string; hash: string }[]>(
        `select key, ${hash} as hash from published_snapshot where bucket = ? order by key`,
        [bucket],
      ),
    );
    const hashes = this.hashes.get(bucket);
    return rows.flatMap(({ key, hash: wanted }) => (hashes?.get(key) === wanted ? [] : [key]));
  }
}
