import { jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { KvWatchEntry } from '@nats-io/kv';
import type { QueuedIterator } from '@nats-io/transport-node';
import { backOffMs, type Logger, sleep } from '@lethe/platform';
import { SnapshotPump } from '../snapshot-pump.js';
import type { SnapshotEntry } from '../snapshot-store.js';
import { bucketStream, kvOf } from './bucket.js';
import type { NatsLink } from './nats-link.js';
import { JETSTREAM_TIMEOUT_MS, NATS_RETRY } from './retry.js';

/**
 * Watches one bucket across lost connections, and after it was deleted and created again: the client's own watch would wait
 * in the new bucket for revisions of the old one. They are distinguished by `created`.
 */
export class NatsSnapshotWatch {
  readonly ready: Promise<void>;
  private becomeReady: () => void = () => undefined;
  private readonly ended = new AbortController();
  private readonly pump: SnapshotPump;
  private readonly stopReconnectListener: () => void;
  private entries: QueuedIterator<KvWatchEntry> | undefined;
  private readonly known = new Set<string>();
  /** Keys of the previous bucket that the new one has not reported so far. */
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
    this.stopReconnectListener = link.onReconnect(() => this.entries?.stop());
    void this.followUntilEnd();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    this.stopReconnectListener();
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
    const manager = await jetstreamManager(await this.link.connection(), {
      checkAPI: false,
      timeout: JETSTREAM_TIMEOUT_MS,
    });
    return manager.streams.info(bucketStream(this.bucket));
  }

  /** Delivers the changes since the last pass, or everything if the bucket is a new one. Returns when it must be called again. */
  private async follow({ created, state }: StreamInfo): Promise<void> {
    if (created !== this.bucketCreated) this.beginBucket(created);
    const wanted = state.messages === 0 ? 0 : state.last_seq;
    // Not after the watch has begun: a bucket of which no server leads yet takes seconds for that, and is empty.
    if (this.lastRevision >= wanted) this.catchUp();
    const store = await kvOf(await this.link.connection()).open(this.bucket);
    const resume = this.lastRevision > 0 ? { resumeFromRevision: this.lastRevision + 1 } : {};
    const entries = await store.watch(resume);
    this.entries = entries;
    const check = setInterval(() => void this.check(), this.checkMs);
    try {
      for await (const entry of entries) {
        this.onEntry(entry);
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

  private onEntry(entry: KvWatchEntry): void {
    this.lastRevision = entry.revision;
    const value = entry.operation === 'PUT' ? entry.string() : undefined;
    if (value === undefined) this.known.delete(entry.key);
    else this.known.add(entry.key);
    this.unseen.delete(entry.key);
    this.pump.push({ key: entry.key, value });
  }

  /** All existing entries have arrived. Keys that only the previous bucket had are reported as deleted. */
  private catchUp(): void {
    for (const key of this.unseen) {
      this.known.delete(key);
      this.pump.push({ key, value: undefined });
    }
    this.unseen.clear();
    void this.pump.drained().then(this.becomeReady);
  }

  /** Ends the current pass if the bucket was replaced or has lost entries, or if the watch missed changes. */
  private async check(): Promise<void> {
    const [seenBefore, knownBefore] = [this.lastRevision, this.known.size];
    const info = await this.bucketInfo().catch(() => undefined);
    if (!info) return;
    const isOther = info.created !== this.bucketCreated;
    // A bucket has one message for each key; of deleted keys too.
    const isShorter = info.state.last_seq < seenBefore || info.state.messages < knownBefore;
    const hasLost = isShorter && this.unseen.size === 0;
    const isBehind = info.state.last_seq > seenBefore && this.lastRevision === seenBefore;
    if (hasLost) this.bucketCreated = '';
    if (isOther || hasLost || isBehind) this.entries?.stop();
  }
}
