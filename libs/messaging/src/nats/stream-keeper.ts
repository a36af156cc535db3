import { MARKS_BUCKET, BUCKETS, EVENT_STREAM } from '@lethe/contracts';
import { backOffMs, type ErrorFacts, errorFacts, type Logger, sleep } from '@lethe/platform';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { bucketStream, ensureBucket } from './bucket.js';
import { ensureEventStream } from './event-stream.js';
import type { NatsLink } from './nats-link.js';
import { isTooFewServers } from './replicas.js';
import { NATS_RETRY } from './retry.js';

const BUCKET_NAMES = [...Object.values(BUCKETS), MARKS_BUCKET];
/**
 * How long a keeper leaves the copies as they are once it has changed them: while a new setting is rolled out, registries
 * with the old one still run, and each change copies all the data.
 */
const CHANGE_AGAIN_MS = 60_000;

/**
 * Keeps the stream of events and the buckets: makes those that are missing, also after NATS has lost them, and gives each
 * the number of copies that is set. Several services may do this at the same time.
 */
export class NatsStreamKeeper implements BeforeApplicationShutdown {
  private readonly ended = new AbortController();
  private reconnected = new AbortController();
  private saidShort = false;
  /** What has failed since all was well. */
  private readonly said = new Set<string>();
  private nextChangeMs = 0;

  constructor(
    private readonly link: NatsLink,
    private readonly replicas: number,
    private readonly everyMs: number,
    private readonly logger: Logger | undefined,
  ) {
    // Servers that start again may have lost their streams.
    link.onReconnect(() => this.reconnected.abort());
    void this.keepUntilEnd();
  }

  beforeApplicationShutdown(): void {
    this.ended.abort();
  }

  private async keepUntilEnd(): Promise<void> {
    let failures = 0;
    while (!this.ended.signal.aborted) {
      this.reconnected = new AbortController();
      const isKept = await this.isKept();
      const waitMs = isKept ? this.everyMs : backOffMs(failures, NATS_RETRY);
      failures = isKept ? 0 : failures + 1;
      await sleep(waitMs, { signal: AbortSignal.any([this.ended.signal, this.reconnected.signal]), ref: false });
    }
  }

  private async isKept(): Promise<boolean> {
    try {
      await this.keep();
      this.said.clear();
      return true;
    } catch (error) {
      this.sayFailure(error);
      return false;
    }
  }

  /** Warns of each kind of failure once until all is well: no storage is left, this user may not do it, and so on. */
  private sayFailure(error: unknown): void {
    const kind = kindOf(errorFacts(error));
    const level = this.said.has(kind) || this.ended.signal.aborted ? 'debug' : 'warn';
    this.said.add(kind);
    this.logger?.[level]({ err: error }, 'The streams of NATS can not be kept; this is tried again');
  }

  private async keep(): Promise<void> {
    const connection = await this.link.connection();
    const manager = await ensureEventStream(connection, this.replicas);
    for (const bucket of BUCKET_NAMES) await ensureBucket(connection, bucket, this.replicas);
    if (Date.now() >= this.nextChangeMs) await this.setReplicas(manager);
  }

  private async setReplicas(manager: JetStreamManager): Promise<void> {
    const short: string[] = [];
    for (const name of [EVENT_STREAM.name, ...BUCKET_NAMES.map(bucketStream)]) {
      if (!(await this.hasItsReplicas(manager, name))) short.push(name);
    }
    this.say(short);
  }

  /** Changes the number of copies if it is another one; false if there are too few servers for that. */
  private async hasItsReplicas(manager: JetStreamManager, stream: string): Promise<boolean> {
    const { num_replicas: now } = (await manager.streams.info(stream)).config;
    if (now === this.replicas) return true;
    try {
      await manager.streams.update(stream, { num_replicas: this.replicas });
    } catch (error) {
      if (isTooFewServers(error)) return false;
      throw error;
    }
    this.nextChangeMs = Date.now() + CHANGE_AGAIN_MS;
    this.logger?.info({ stream, count: this.replicas }, 'The number of copies of a stream was changed');
    return true;
  }

  /** Once, and again when it has been remedied: this is looked at every few seconds. */
  private say(short: string[]): void {
    if (short.length > 0 && !this.saidShort) {
      const facts = { setting: 'LETHE_NATS_REPLICAS', count: this.replicas, stream: short };
      this.logger?.warn(facts, 'NATS has too few servers for so many copies; this is tried again');
    }
    this.saidShort = short.length > 0;
  }
}

/** A refused request names the reason in its cause only. */
function kindOf({ name, code, cause }: ErrorFacts): string {
  const own = `${name} ${code}`;
  return cause ? `${own} ${kindOf(cause)}` : own;
}
