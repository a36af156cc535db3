import { BUCKETS, type CallerEntry, type RoutesDigest } from '@lethe/contracts';
import type { BusHealth, RequestClient, SnapshotStore } from '@lethe/messaging';
import { type Logger, type Metrics, waitAtMost } from '@lethe/platform';
import { routesHash } from '@lethe/sealing';
import type { Offer, RouteBook } from './route-book.js';
import { RouteFetcher } from './route-fetcher.js';
import type { RouteFile } from './route-file.js';
import { RouteWatch } from './route-watch.js';
import type { ServerRoutes } from './server-routes.js';

/** How long a bus that is there, and then the registry, may take at the start before the next source is tried. */
const SOURCE_TIMEOUT_MS = 3_000;
const SAVE_EVERY_MS = 2_000;
/** Looking through all that is published for what is unused takes a while. */
const PRUNE_EVERY_MS = 60_000;
const SEEK_BLOCKS_AFTER_MS = 1_000;

/**
 * Keeps the route book: at the start from the file of last time, then from the bus, else from a registry by request;
 * afterwards by watching. What any of them says is verified.
 */
export class RoutesService {
  private readonly watch: RouteWatch;
  private readonly fetcher: RouteFetcher;
  private readonly refusals;
  private readonly confirmed;
  private isUsable = false;
  private prunedAt = 0;
  private saving: Promise<void> = Promise.resolve();
  private reconciling: Promise<void> | undefined;
  /** Until what was published at the start was handed over. */
  private watching: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private seek: NodeJS.Timeout | undefined;

  constructor(
    private readonly book: RouteBook,
    private readonly file: RouteFile,
    /** Whether routes of last time are in the book: floors and revisions, below which nothing counts. */
    private readonly fromFile: Promise<boolean>,
    private readonly bus: BusHealth,
    private readonly store: SnapshotStore,
    requests: RequestClient,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.watch = new RouteWatch(store, book, (bucket, key, offer) => this.noteOffer(bucket, key, offer));
    this.fetcher = new RouteFetcher(requests, book);
    this.refusals = metrics.counter('lethe_proxy_routes_refused_total', 'Published entries not believed', ['bucket']);
    this.confirmed = metrics.gauge(
      'lethe_proxy_routes_confirmed_seconds',
      'When routes were last known current',
      [],
      'min',
    );
  }

  server(slug: string): ServerRoutes | undefined {
    return this.book.server(slug);
  }

  /** Calls back after each change of this server until the result is called. */
  onChange(slug: string, changed: () => void): () => void {
    return this.book.changes.subscribe(slug, changed);
  }

  caller(keyId: string): CallerEntry | undefined {
    return this.book.caller(keyId);
  }

  /** There are routes to serve from, of whatever age. */
  isReady(): boolean {
    return this.isUsable;
  }

  async start(): Promise<void> {
    const hasFile = await this.fromFile;
    this.watching = this.watch.start(Date.now).then(
      () => this.becomeUsable('bus'),
      (error: unknown) => this.logger.warn({ err: error }, 'Routes can not be watched'),
    );
    // Not before: what is half there would be written twice.
    this.timer = setInterval(() => void (this.isUsable && this.keep()), SAVE_EVERY_MS);
    // One that is away was waited for already, and a registry is asked over it.
    const waitMs = this.bus.isConnected() ? SOURCE_TIMEOUT_MS : 0;
    await waitAtMost(waitMs, this.watching);
    if (this.isUsable) return;
    await waitAtMost(waitMs, this.fetchAll());
    if (!this.isUsable && hasFile) this.becomeUsable('file');
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.seek);
    await this.watch.stop();
    await this.keep();
  }

  /** Compares with what the registry says is published; asks for the whole when something was missed. */
  async compare(digest: RoutesDigest): Promise<void> {
    await this.fromFile;
    const isSame =
      routesHash(this.book.serverLines()) === digest.serversHash &&
      routesHash(this.book.callerLines()) === digest.callersHash;
    if (isSame) return this.confirmed.setToCurrentTime();
    this.reconciling ??= this.fetchAll().finally(() => (this.reconciling = undefined));
    await this.reconciling;
  }

  private async fetchAll(): Promise<void> {
    try {
      await this.fetcher.fetchAll(Date.now);
      this.becomeUsable('registry');
    } catch (error) {
      this.logger.warn({ err: error }, 'Routes can not be fetched');
    }
  }

  private becomeUsable(kind: 'bus' | 'registry' | 'file'): void {
    if (!this.isUsable) this.logger.info({ kind }, 'Routes are here');
    this.isUsable = true;
  }

  private noteOffer(bucket: string, key: string, offer: Offer): void {
    if (offer === 'waiting') this.seek ??= setTimeout(() => void this.seekBlocks(), SEEK_BLOCKS_AFTER_MS);
    if (offer !== 'refused' && offer !== 'older') return;
    this.refusals.inc({ bucket });
    this.logger.warn({ bucket, key: key.slice(0, 64), reason: offer }, 'Published entry not believed');
  }

  /** Blocks come before the manifests that name them, but at the start side by side; one that did not come is looked for. */
  private async seekBlocks(): Promise<void> {
    await this.watching;
    this.seek = undefined;
    try {
      for (const digest of this.book.missingBlocks()) {
        const bytes = await this.store.get(BUCKETS.blocks, digest);
        if (bytes !== undefined) this.book.offerBlock(digest, bytes, Date.now());
      }
      await this.fetcher.fetchMissingBlocks(Date.now);
    } catch (error) {
      this.logger.warn({ err: error }, 'Blocks can not be fetched');
    }
  }

  /** One after the other: a file that is written as a whole may take longer than until the next time. */
  private keep(): Promise<void> {
    this.saving = this.saving.then(async () => {
      if (this.book.unsaved.isEmpty) return;
      if (Date.now() - this.prunedAt > PRUNE_EVERY_MS) {
        this.book.prune(Date.now());
        this.prunedAt = Date.now();
      }
      await this.file.save(this.book).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'Routes can not be kept in a file');
      });
    });
    return this.saving;
  }
}
