import { type Bucket, BUCKETS } from '@lethe/contracts';
import type { SnapshotStore, SnapshotWatch } from '@lethe/messaging';
import type { RouteTable } from './route-table.js';
import type { UpdateResult } from './signed-entries.js';

/** Entries whose signatures are verified at the same time: one after another, thousands would delay the start. */
const AT_ONCE = 32;

/** Watches the published buckets. A deleted key is ignored: only a signed tombstone removes a virtual server. */
export class RouteWatch {
  private readonly watches: SnapshotWatch[] = [];
  private readonly pendingUpdates = new Set<Promise<void>>();

  constructor(
    private readonly store: SnapshotStore,
    private readonly table: RouteTable,
    private readonly onUpdate: (bucket: Bucket, key: string, result: UpdateResult) => void,
  ) {}

  /** Resolves when everything that was published at the start is in the table. */
  async start(now: () => number): Promise<void> {
    const watches = [
      await this.follow(BUCKETS.blocks, async (key, value) => this.table.applyBlock(key, value, now())),
      await this.follow(BUCKETS.callers, (key, value) => this.table.applyCaller(key, value)),
      await this.follow(BUCKETS.servers, (key, value) => this.table.applyManifest(key, value)),
    ];
    // Only where it is used: an earlier release's NATS users may not read this bucket.
    if (this.table.kept) {
      watches.push(await this.follow(BUCKETS.kept, (key, value) => this.table.applyKept(key, value)));
    }
    await Promise.all(watches.map(({ ready }) => ready));
    await Promise.all(this.pendingUpdates);
  }

  async stop(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await Promise.allSettled(this.pendingUpdates);
  }

  private async follow(
    bucket: Bucket,
    apply: (key: string, value: string) => Promise<UpdateResult>,
  ): Promise<SnapshotWatch> {
    const watch = await this.store.watch(bucket, async ({ key, value }) => {
      if (value === undefined) return;
      // The table keeps the newest value of a key, in whatever order values are verified.
      const update = apply(key, value)
        .catch((): UpdateResult => 'refused')
        .then((result) => this.onUpdate(bucket, key, result))
        .finally(() => this.pendingUpdates.delete(update));
      this.pendingUpdates.add(update);
      if (this.pendingUpdates.size >= AT_ONCE) await Promise.race(this.pendingUpdates);
    });
    this.watches.push(watch);
    return watch;
  }
}
