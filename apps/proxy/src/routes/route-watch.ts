import { type Bucket, BUCKETS } from '@lethe/contracts';
import type { SnapshotStore, SnapshotWatch } from '@lethe/messaging';
import type { Offer, RouteBook } from './route-book.js';

/** Follows the published buckets. A deleted key means nothing: only a signed tombstone takes a server away. */
export class RouteWatch {
  private readonly watches: SnapshotWatch[] = [];

  constructor(
    private readonly store: SnapshotStore,
    private readonly book: RouteBook,
    private readonly onOffer: (bucket: Bucket, key: string, offer: Offer) => void,
  ) {}

  /** Resolves when everything that was published at the start is in the book. */
  async start(now: () => number): Promise<void> {
    const taken = [
      await this.follow(BUCKETS.blocks, async (key, value) => this.book.offerBlock(key, value, now())),
      await this.follow(BUCKETS.callers, (key, value) => this.book.offerCaller(key, value)),
      await this.follow(BUCKETS.servers, (key, value) => this.book.offerManifest(key, value)),
    ];
    await Promise.all(taken.map(({ ready }) => ready));
  }

  async stop(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
  }

  private async follow(bucket: Bucket, take: (key: string, value: string) => Promise<Offer>): Promise<SnapshotWatch> {
    const watch = await this.store.watch(bucket, async ({ key, value }) => {
      if (value !== undefined) this.onOffer(bucket, key, await take(key, value));
    });
    this.watches.push(watch);
    return watch;
  }
}
