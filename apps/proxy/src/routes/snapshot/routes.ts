import { hostname } from 'node:os';
import { type Bucket, BUCKETS, RoutesApplied, type RoutesDigest } from '@lethe/contracts';
import type { BusHealth, NoticePublisher, RequestClient, SnapshotStore } from '@lethe/messaging';
import { backOffMs, type Logger, type Metrics, sleep, waitAtMost } from '@lethe/platform';
import { routesHash } from '@lethe/sealing';
import type { RouteTable } from './route-table.js';
import type { RejectedEntry, UpdateResult } from './signed-entries.js';
import { replicaId } from './replica-id.js';
import { RouteFetcher } from './route-fetcher.js';
import type { RouteFile } from './route-file.js';
import { RouteWatch } from './route-watch.js';

/** How long the bus, if it is connected, and then the registry may take at the start before the next source is used. */
const SOURCE_TIMEOUT_MS = 3_000;
/** How soon a registry is asked again while no source has answered: all services of a deployment may start at once. */
const ASK_AGAIN = { firstMs: 500, mostMs: 10_000 };
const SAVE_EVERY_MS = 2_000;
/** How often unused blocks are searched for, which takes a while. */
const PRUNE_EVERY_MS = 60_000;
const SEEK_BLOCKS_AFTER_MS = 1_000;

/**
 * Keeps the route table current: at the start from the route file, then from the bus, else by request from a registry;
 * afterwards by watching. Everything from these sources is verified.
 */
export class Routes {
  private readonly watch: RouteWatch;
  private readonly fetcher: RouteFetcher;
  private readonly rejections;
  private readonly confirmed;
  /** The id of this replica. */
  readonly replica = replicaId(hostname());
  private rejected: ((bucket: Bucket, key: string, reason: RejectedEntry) => void) | undefined;
  private prunedAt = 0;
  private saving = Promise.resolve(true);
  private reconciling: Promise<void> | undefined;
  /** Resolves when everything that was published at the start has arrived. */
  private watching: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private seekTimer: NodeJS.Timeout | undefined;
  private readonly ended = new AbortController();

  constructor(
    readonly table: RouteTable,
    private readonly file: RouteFile,
    /** Whether the route file had entries: with their receipts and revisions, nothing older is accepted. */
    private readonly fromFile: Promise<boolean>,
    private readonly bus: BusHealth,
    private readonly store: SnapshotStore,
    requests: RequestClient,
    private readonly notices: NoticePublisher,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.watch = new RouteWatch(store, table, (bucket, key, result) => this.noteUpdate(bucket, key, result));
    // Of what is fetched, another entry may have arrived meanwhile: what is older is nobody's fault.
    this.fetcher = new RouteFetcher(requests, table, (bucket, key, result) => {
      if (result === 'refused') this.noteUpdate(bucket, key, result);
    });
    this.rejections = metrics.counter('lethe_proxy_routes_refused_total', 'Published entries that were rejected', [
      'bucket',
    ]);
    this.confirmed = metrics.gauge(
      'lethe_proxy_routes_confirmed_seconds',
      'When the routes were last found to be current',
      [],
      'min',
    );
  }

  /** Calls `changed` after each change of this virtual server, until the returned function is called. */
  onChange(slug: string, changed: () => void): () => void {
    return this.table.changes.subscribe(slug, changed);
  }

  /** As `onChange`, for a caller's key: its roles, its expiry, its revocation. */
  onKeyChange(keyId: string, changed: () => void): () => void {
    return this.table.callerChanges.subscribe(keyId, changed);
  }

  /** Calls `rejected` with each entry that no registry signed, or that is older than what is known. */
  onRejected(rejected: (bucket: Bucket, key: string, reason: RejectedEntry) => void): void {
    this.rejected = rejected;
  }

  async start(): Promise<void> {
    const hasFile = await this.fromFile;
    const save = (): Promise<boolean> => (this.table.isReady ? this.saveChanges() : Promise.resolve(false));
    this.table.save = save;
    this.watching = this.watch.start(Date.now).then(
      () => this.markReady('bus'),
      (error: unknown) => this.logger.warn({ err: error }, 'Routes can not be watched'),
    );
    // Not earlier: a half-filled table would be written twice.
    this.timer = setInterval(() => void (this.table.isReady && this.saveChanges()), SAVE_EVERY_MS);
    // A bus that is not connected was waited for already; the request to a registry would use the same bus.
    const waitMs = this.bus.isConnected() ? SOURCE_TIMEOUT_MS : 0;
    await waitAtMost(waitMs, this.watching);
    if (this.table.isReady) return;
    await waitAtMost(waitMs, this.fetchAll());
    if (!this.table.isReady && hasFile) this.markReady('file');
    void this.fetchUntilReady();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    clearInterval(this.timer);
    clearTimeout(this.seekTimer);
    await this.report([], { isLeaving: true });
    await this.watch.stop();
    await this.saveChanges();
  }

  /** Compares the table with the registry's digest, and fetches everything when something was missed. */
  async compare(digest: RoutesDigest): Promise<void> {
    await this.fromFile;
    const lines = { servers: this.table.serverLines(), callers: this.table.callers.lines() };
    const kept = this.table.kept ? this.table.keptEntries.lines() : [];
    const hasKept = !this.table.kept || (digest.keptHash ?? '') === '' || digest.keptHash === routesHash(kept);
    const isSame =
      hasKept && routesHash(lines.servers) === digest.serversHash && routesHash(lines.callers) === digest.callersHash;
    const confirmed = isSame
      ? { confirmedRevision: newestRevision([...lines.servers, ...lines.callers, ...kept]) }
      : {};
    if (this.table.isReady) await this.report([], confirmed);
    if (!isSame) return this.fetchAll();
    this.confirmed.setToCurrentTime();
    if (!this.table.isReady) this.markReady('registry');
  }

  private fetchAll(): Promise<void> {
    return (this.reconciling ??= this.fetchOnce().finally(() => (this.reconciling = undefined)));
  }

  private async fetchUntilReady(): Promise<void> {
    for (let failures = 0; !this.table.isReady && !this.ended.signal.aborted; failures += 1) {
      await sleep(backOffMs(failures, ASK_AGAIN), { signal: this.ended.signal, ref: false });
      if (!this.table.isReady && this.bus.isConnected()) await this.fetchAll();
    }
  }

  private async fetchOnce(): Promise<void> {
    try {
      await this.fetcher.fetchAll(Date.now);
      this.markReady('registry');
    } catch (error) {
      this.logger.warn({ err: error }, 'Routes can not be fetched');
    }
  }

  private markReady(kind: 'bus' | 'registry' | 'file'): void {
    if (!this.table.isReady) this.logger.info({ kind }, 'Routes loaded');
    this.table.isReady = true;
    void this.table.save();
    this.table.applied.reportTo((lines) => void this.report(lines));
    void this.report([]);
  }

  /** Tells registries what took effect. Without entries, only that this replica lives, or ends. */
  private async report(applied: string[], more: Partial<RoutesApplied> = {}): Promise<void> {
    const notice = Object.assign(new RoutesApplied(), {
      ...{ proxy: this.replica, applied, appliesGrants: true, opensKept: this.table.kept !== undefined, ...more },
    });
    await this.notices.publish(RoutesApplied, notice).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'What took effect can not be reported');
    });
  }

  private noteUpdate(bucket: Bucket, key: string, result: UpdateResult): void {
    if (result === 'waiting') this.seekTimer ??= setTimeout(() => void this.seekBlocks(), SEEK_BLOCKS_AFTER_MS);
    if (result !== 'refused' && result !== 'older') return;
    this.rejections.inc({ bucket });
    this.logger.warn({ bucket, key: key.slice(0, 64), reason: result }, 'Published entry rejected');
    this.rejected?.(bucket, key, result);
  }

  /**
   * Blocks are published before the manifests that name them, but at the start both arrive in parallel. Blocks that are
   * still missing are fetched.
   */
  private async seekBlocks(): Promise<void> {
    await this.watching;
    this.seekTimer = undefined;
    try {
      for (const digest of this.table.missingBlocks()) {
        const bytes = await this.store.get(BUCKETS.blocks, digest);
        if (bytes !== undefined) this.table.applyBlock(digest, bytes, Date.now());
      }
      await this.fetcher.fetchMissingBlocks(Date.now);
    } catch (error) {
      this.logger.warn({ err: error }, 'Blocks can not be fetched');
    }
  }

  /** Saves one after another: writing the whole file may take longer than the interval. Resolves with whether all is written. */
  private saveChanges(): Promise<boolean> {
    this.saving = this.saving.then(async () => {
      if (this.table.dirtyKeys.isEmpty) return true;
      if (Date.now() - this.prunedAt > PRUNE_EVERY_MS) {
        this.table.prune(Date.now());
        this.prunedAt = Date.now();
      }
      return this.file.save(this.table).then(
        () => true,
        (error: unknown) => {
          this.logger.warn({ err: error }, 'The route file can not be written');
          return false;
        },
      );
    });
    return this.saving;
  }
}

/** Of lines such as `slug:revision`. */
function newestRevision(lines: readonly string[]): number {
  return lines.reduce((newest, line) => Math.max(newest, Number(line.slice(line.lastIndexOf(':') + 1))), 0);
}
