import { jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { Kvm, type KvWatchEntry } from '@nats-io/kv';
import type { QueuedIterator } from '@nats-io/transport-node';
import { backOffMs, type Logger, sleep } from '@lethe/platform';
import { SnapshotPump } from '../snapshot-pump.js';
import type { SnapshotEntry } from '../snapshot-store.js';
import type { NatsLink } from './nats-link.js';
import { NATS_RETRY } from './retry.js';

/**
 * Follows one bucket through lost connections, and through buckets that are deleted and made again: the client's own
 * watch would wait in the new one for revisions of the old. `created` tells them apart.
 */
export class NatsSnapshotWatch {
  readonly ready: Promise<void>;
  private becomeReady: () => void = () => undefined;
  private readonly ended = new AbortController();
  private readonly pump: SnapshotPump;
  private readonly forgetReconnects: () => void;
  private entries: QueuedIterator<KvWatchEntry> | undefined;
  private readonly known = new Set<string>();
  /** Keys of the bucket before this one that this one has not shown so far. */
  private unseen = new Set<string>();
  private bucketCreated = '';
  private lastRevision = 0;

  constructor(
    private readonly link: NatsLink,
    private readonly bucket: string,
    onEntry: (entry: SnapshotEntry) => void | Promise<void>,
    private readonly checkMs: number,
    private readonly logger: Logger | undefined,
  ) {
    this.pump = new SnapshotPump(bucket, onEntry, logger);
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.forgetReconnects = link.onReconnect(() => this.entries?.stop());
    void this.followUntilEnd();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    this.forgetReconnects();
    this.entries?.stop();
    await this.pump.stop();
  }

  private async followUntilEnd(): Promise<void> {
    for (let failures = 0; !this.ended.signal.aborted; failures += 1) {
      try {
        await this.follow(await this.bucketInfo());
        failures = 0;
      } catch (error) {
        if (this.ended.signal.aborted) return;
        this.logger?.debug({ bucket: this.bucket, err: error }, 'The bucket can not be watched now');
      }
      await sleep(backOffMs(failures, NATS_RETRY), { signal: this.ended.signal });
    }
  }

  private async bucketInfo(): Promise<StreamInfo> {
    const manager = await jetstreamManager(await this.link.connection(), { checkAPI: false });
    return manager.streams.info(`KV_${this.bucket}`);
  }

  /** Hands over what came since the last time, or everything when it is another bucket; returns when it must begin anew. */
  private async follow({ created, state }: StreamInfo): Promise<void> {
    if (created !== this.bucketCreated) this.beginBucket(created);
    const wanted = state.messages === 0 ? 0 : state.last_seq;
    const store = await new Kvm(await this.link.connection()).open(this.bucket);
    const resume = this.lastRevision > 0 ? { resumeFromRevision: this.lastRevision + 1 } : {};
    const entries = await store.watch(resume);
    this.entries = entries;
    const check = setInterval(() => void this.check(), this.checkMs);
    try {
      if (this.lastRevision >= wanted) this.catchUp();
      for await (const entry of entries) {
        this.take(entry);
        if (entry.revision >= wanted || entry.delta === 0) this.catchUp();
      }
    } finally {
      clearInterval(check);
      entries.stop();
    }
  }

  private beginBucket(created: string): void {
    this.bucketCreated = created;
    this.lastRevision = 0;
    this.unseen = new Set(this.known);
  }

  private take(entry: KvWatchEntry): void {
    this.lastRevision = entry.revision;
    const value = entry.operation === 'PUT' ? entry.string() : undefined;
    if (value === undefined) this.known.delete(entry.key);
    else this.known.add(entry.key);
    this.unseen.delete(entry.key);
    this.pump.hand({ key: entry.key, value });
  }

  /** Everything that was there has come; what only the bucket before this one had is gone. */
  private catchUp(): void {
    for (const key of this.unseen) {
      this.known.delete(key);
      this.pump.hand({ key, value: undefined });
    }
    this.unseen.clear();
    void this.pump.taken().then(this.becomeReady);
  }

  /** Ends the current pass when the bucket is another one, or has gone on without us. */
  private async check(): Promise<void> {
    const seenBefore = this.lastRevision;
    const info = await this.bucketInfo().catch(() => undefined);
    const isOther = info !== undefined && info.created !== this.bucketCreated;
    const isBehind = info !== undefined && info.state.last_seq > seenBefore && this.lastRevision === seenBefore;
    if (isOther || isBehind) this.entries?.stop();
  }
}
