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
  /** This process among its replicas. */
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
  private isHolding = false;
  private heldSinceMs = 0;
  private nextCleaningMs = 0;

  constructor(
    private readonly database: Database,
    private readonly sink: SnapshotSink,
    private readonly options: RelayOptions,
  ) {}

  start(): void {
    this.isStopped = false;
    this.timer = setInterval(() => this.wake(), this.options.intervalMs);
    this.database.onCommit(() => this.wake());
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
    if (this.isHolding) {
      await this.database.read((em) => releaseLease(em, LEASE, this.options.holder)).catch(this.options.onFailure);
    }
  }

  private async runRounds(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        while ((await this.sendBatch()) === BATCH && !this.isStopped);
        await this.forgetSent();
      } catch (error) {
        this.options.onFailure(error);
      }
    }
  }

  /** How many rows the batch had; an idle round costs one read. */
  private async sendBatch(): Promise<number> {
    const unsent = await this.database.read(findUnsent);
    if (unsent.length === 0) return 0;
    // Another holder may have sent these meanwhile: only what is unsent now, with the lease in hand, is sent.
    return (await this.holdsLease()) ? this.send(await this.database.read(findUnsent)) : 0;
  }

  /** Takes the lease, or renews it. */
  private async holdsLease(): Promise<boolean> {
    this.heldSinceMs = Date.now();
    this.isHolding = await this.database.read((em) => holdLease(em, LEASE, this.options.holder, this.options.leaseMs));
    return this.isHolding;
  }

  /** Renews in time. Once it has run out another relay may have sent what this one read: the round begins anew. */
  private async stillHoldsLease(): Promise<boolean> {
    const heldMs = Date.now() - this.heldSinceMs;
    if (heldMs >= this.options.leaseMs) return false;
    return heldMs < this.options.leaseMs / 2 || this.holdsLease();
  }

  private async send(unsent: OutboxMessage[]): Promise<number> {
    const done: number[] = [];
    try {
      for (const message of unsent) {
        if (!(await this.stillHoldsLease())) break;
        await this.sink.put(message.bucket, message.key, message.value);
        done.push(message.seq);
      }
    } finally {
      if (done.length > 0) await this.database.read((em) => markSent(em, done));
    }
    return unsent.length;
  }

  private async forgetSent(): Promise<void> {
    const now = Date.now();
    if (now < this.nextCleaningMs) return;
    this.nextCleaningMs = now + KEEP_SENT_MS / 4;
    const before = new Date(now - KEEP_SENT_MS);
    await this.database.read((em) => em.nativeDelete(OutboxMessage, { sentAt: { $lt: before } }));
  }
}

function findUnsent(em: EntityManager): Promise<OutboxMessage[]> {
  return em.find(OutboxMessage, { sentAt: null }, { orderBy: { seq: 'asc' }, limit: BATCH });
}

async function markSent(em: EntityManager, seqs: number[]): Promise<void> {
  await em.nativeUpdate(OutboxMessage, { seq: { $in: seqs } }, { sentAt: new Date() });
}
