import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database.js';
import { holdLease, releaseLease } from '../leases.js';
import { OutboxMessage } from './outbox-message.entity.js';

/** Where snapshots go. */
export interface SnapshotSink {
  put(bucket: string, key: string, value: string): Promise<void>;
}

/** What the relay needs to know. */
export interface RelayOptions {
  /** Names this process among its replicas. */
  holder: string;
  intervalMs: number;
  leaseMs: number;
  /** Told of failures by their class; the next round tries again. */
  onFailure: (error: unknown) => void;
}

const LEASE = 'outbox';
const BATCH = 100;
const KEEP_SENT_MS = 60 * 60 * 1000;

/**
 * Sends what the outbox holds, in order, each at least once: one relay at a time (a lease row), rows with `sent_at is
 * null` by their number, the first failure ends the round. Polls; `wake()` makes a round start at once.
 */
export class OutboxRelay {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = true;
  isLeader = false;

  constructor(
    private readonly database: Database,
    private readonly sink: SnapshotSink,
    private readonly options: RelayOptions,
  ) {}

  start(): void {
    this.isStopped = false;
    this.timer = setInterval(() => this.wake(), this.options.intervalMs);
    this.wake();
  }

  /** Starts a round, or another one after the running one. */
  wake(): void {
    if (this.isStopped) return;
    this.isWanted = true;
    this.round ??= this.runRounds().finally(() => (this.round = undefined));
  }

  /** Ends after the running round and gives the lease back. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.round;
    if (!this.isLeader) return;
    this.isLeader = false;
    await this.database.read((em) => releaseLease(em, LEASE, this.options.holder)).catch(this.options.onFailure);
  }

  private async runRounds(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        await this.drain();
      } catch (error) {
        this.options.onFailure(error);
      }
    }
  }

  private async drain(): Promise<void> {
    let sent = BATCH;
    while (sent === BATCH && !this.isStopped) {
      this.isLeader = await this.database.read((em) => holdLease(em, LEASE, this.options.holder, this.options.leaseMs));
      if (!this.isLeader) return;
      sent = await this.sendBatch();
    }
    const before = new Date(Date.now() - KEEP_SENT_MS);
    await this.database.read((em) => em.nativeDelete(OutboxMessage, { sentAt: { $lt: before } }));
  }

  private async sendBatch(): Promise<number> {
    const unsent = await this.database.read((em) =>
      em.find(OutboxMessage, { sentAt: null }, { orderBy: { seq: 'asc' }, limit: BATCH }),
    );
    const done: number[] = [];
    try {
      for (const message of unsent) {
        await this.sink.put(message.bucket, message.key, message.value);
        done.push(message.seq);
      }
    } finally {
      if (done.length > 0) await this.database.read((em) => this.markSent(em, done));
    }
    return unsent.length;
  }

  private async markSent(em: EntityManager, seqs: number[]): Promise<void> {
    await em.nativeUpdate(OutboxMessage, { seq: { $in: seqs } }, { sentAt: new Date() });
  }
}
