import { createHash } from 'node:crypto';
import { type Bucket, BUCKETS } from '@lethe/contracts';
import { SnapshotStore, type SnapshotWatch } from '@lethe/messaging';
import { Database, sendAgain } from '@lethe/persistence';
import { LOGGER, type Logger, sleep } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ReceiptFloors } from './receipt-floors.js';

const EVERY_MS = 15_000;
/** How long a start waits for what was published. */
const FLOORS_TIMEOUT_MS = 5_000;
/** Blocks first: a manifest activates when its blocks are there. */
const ORDER: Bucket[] = [BUCKETS.blocks, BUCKETS.servers, BUCKETS.callers];

/**
 * Streams and buckets are caches: what a bucket lacks, or has otherwise than the database, is sent again. Blocks are named
 * by their digest, so that having the key is having the value. What was published is the floor of what will be.
 */
@Injectable()
export class RestoreBuckets {
  private readonly held = new Map<Bucket, Map<string, string>>(ORDER.map((bucket) => [bucket, new Map()]));
  private readonly watches: SnapshotWatch[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running = Promise.resolve();

  constructor(
    @Inject(SnapshotStore) private readonly store: SnapshotStore,
    @Inject(Database) private readonly database: Database,
    @Inject(ReceiptFloors) private readonly floors: ReceiptFloors,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when it is known what was published; soon as well when the bus is away, which may take long. */
  async start(): Promise<void> {
    for (const bucket of ORDER) this.watches.push(await this.watch(bucket));
    this.timer = setInterval(() => this.again(), EVERY_MS);
    void Promise.all(this.watches.map(({ ready }) => ready)).then(
      () => this.again(),
      (error: unknown) => this.logger.warn({ err: error }, 'The buckets could not be read yet'),
    );
    await Promise.race([this.floorsAreKnown(), sleep(FLOORS_TIMEOUT_MS, { ref: false })]);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await this.running;
  }

  /** One round; how many values are sent again. What two replicas find missing at once waits in the outbox once. */
  async restore(): Promise<number> {
    let count = 0;
    for (const bucket of ORDER) {
      const missing = await this.missing(bucket);
      if (missing.length === 0) continue;
      count += await this.database.transaction((em) => sendAgain(em, missing));
    }
    if (count > 0) this.logger.info({ count }, 'Published values are sent again');
    return count;
  }

  private again(): void {
    this.running = this.running
      .then(async () => {
        await this.restore();
      })
      .catch((error: unknown) => this.logger.warn({ err: error }, 'The buckets were not compared'));
  }

  /** A bucket that is missing is made by reading from it, and then has nothing to wait for. */
  private async floorsAreKnown(): Promise<void> {
    try {
      await this.store.get(BUCKETS.servers, 'none');
      await this.watches[ORDER.indexOf(BUCKETS.servers)]?.ready;
    } catch (error) {
      this.logger.warn({ err: error }, 'Started without knowing what was published: the bus is away');
    }
  }

  private watch(bucket: Bucket): Promise<SnapshotWatch> {
    return this.store.watch(bucket, async ({ key, value }) => {
      if (value === undefined) this.held.get(bucket)?.delete(key);
      else this.held.get(bucket)?.set(key, createHash('sha256').update(value).digest('hex'));
      if (value !== undefined && bucket === BUCKETS.servers) await this.floors.note(value);
    });
  }

  private async missing(bucket: Bucket): Promise<{ bucket: string; key: string }[]> {
    const hash = bucket === BUCKETS.blocks ? 'key' : `encode(sha256(convert_to(value, 'UTF8')), 'hex')`;
    const rows = await this.database.read((em) =>
      em.execute<{ key: string; hash: string }[]>(
        `select key, ${hash} as hash from published_snapshot where bucket = ? order by key`,
        [bucket],
      ),
    );
    const held = this.held.get(bucket);
    return rows.flatMap(({ key, hash: wanted }) => (held?.get(key) === wanted ? [] : [{ bucket, key }]));
  }
}
