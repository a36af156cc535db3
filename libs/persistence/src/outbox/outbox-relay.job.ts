import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database.js';
import { holdLease, releaseLease } from '../leases.js';
import { OutboxMessage } from './outbox-message.entity.js';
import { togetherOf } from './together.js';

/** Where snapshots go. */
export interface SnapshotSink {
  put(bucket: string, key: string, value: string): Promise<void>;
}

/** Options of the relay. */
export interface RelayOptions {
  /** Identifies this process among its replicas. */
  holder: string;
  intervalMs: number;
  leaseMs: number;
  /** Called if a round fails; the next one tries again. */
  onFailure: (error: unknown) => void;
  /** Called after each round that did not fail. */
  onSuccess?: () => void;
}

const LEASE = 'outbox';
const BATCH = 100;
/** Values that are written at the same time: the bus confirms each of them, and one after another takes long when many are lost. */
const AT_ONCE = 16;
const KEEP_SENT_MS = 60 * 60 * 1000;

/**
 * Sends the rows of the outbox in order, each at least once. One relay works at a time (a lease row). A round takes rows with
 * `sent_at is null` by their number and ends at the first failure. Polls; `wake()` starts a round at once. Rows of one bucket
 * with different keys are sent together: no key gets an older value, and no bucket gets ahead of one that comes first.
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

  /** Stops after the running round and releases the lease. */
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
        this.options.onSuccess?.();
      } catch (error) {
        this.options.onFailure(error);
      }
    }
  }

  /** Sends one batch and returns its number of rows; an idle round costs one read. */
  private async sendBatch(): Promise<number> {
    const unsent = await this.database.read(findUnsent);
    if (unsent.length === 0) return 0;
    // Another holder may have sent these rows meanwhile, so they are read again under our lease.
    return (await this.holdsLease()) ? this.send(await this.database.read(findUnsent)) : 0;
  }

  /** Acquires or renews the lease. */
  private async holdsLease(): Promise<boolean> {
    this.heldSinceMs = Date.now();
    this.isHolding = await this.database.read((em) => holdLease(em, LEASE, this.options.holder, this.options.leaseMs));
    return this.isHolding;
  }

  /** Renews the lease in time. If it has expired, another relay may have sent these rows, so the round starts again. */
  private async stillHoldsLease(): Promise<boolean> {
    const heldMs = Date.now() - this.heldSinceMs;
    if (heldMs >= this.options.leaseMs) return false;
    return heldMs < this.options.leaseMs / 2 || this.holdsLease();
  }

  private async send(unsent: OutboxMessage[]): Promise<number> {
    const done: number[] = [];
    try {
      for (const group of togetherOf(unsent, AT_ONCE)) {
        if (!(await this.stillHoldsLease())) break;
        await this.sendTogether(group, done);
      }
    } finally {
      if (done.length > 0) await this.database.read((em) => markSent(em, done));
    }
    return unsent.length;
  }

  /** Notes in `done` what was sent. @throws what the first of the others threw, once all have ended */
  private async sendTogether(group: readonly OutboxMessage[], done: number[]): Promise<void> {
    const results = await Promise.allSettled(
      group.map(async ({ bucket, key, value, seq }) => {
        await this.sink.put(bucket, key, value);
        done.push(seq);
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
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
