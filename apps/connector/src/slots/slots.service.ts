import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, Metrics, Readiness, sleep } from '@lethe/platform';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from '../connector-options.js';
import type { LentSlot } from './lent-slot.js';
import { LentSlots } from './lent-slots.js';
import { SlotPool, type ReadySlot } from './slot-pool.js';
import { Slot } from './slot.js';

/** How long a start waits for the first slot. */
const FIRST_SLOT_MS = 10_000;

/** All slots of this connector: those that wait, and those that are lent or at work. */
@Injectable()
export class SlotsService {
  readonly lent = new LentSlots();
  private readonly pool: SlotPool;
  private readonly listeners = new Set<() => void>();
  private hasBeenReady = false;

  constructor(
    @Inject(CONNECTOR_OPTIONS) options: ConnectorOptions,
    @Inject(Readiness) readiness: Readiness,
    @Inject(Metrics) metrics: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.pool = new SlotPool(
      options.slots,
      () => new Slot(options.childFile),
      () => this.changed(),
    );
    readiness.register('slots', () => this.hasBeenReady);
    const free = metrics.gauge('lethe_connector_free_slots', 'Slots that wait to be lent');
    const lent = metrics.gauge('lethe_connector_lent_slots', 'Slots that are lent or at work');
    this.onChange(() => {
      free.set(this.freeSlots);
      lent.set(this.lent.count);
    });
  }

  get freeSlots(): number {
    return this.pool.freeSlots;
  }

  /** One-shot processes that run now. */
  get pids(): number[] {
    return [...this.pool.pids, ...this.lent.all().flatMap(({ worker }) => worker.pid ?? [])];
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Fills the pool; resolves when the first slot is ready, or when it takes longer than a start should wait for. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => this.onChange(() => this.freeSlots > 0 && resolve()));
    this.pool.fill();
    await Promise.race([first, sleep(FIRST_SLOT_MS, { ref: false })]);
  }

  take(): ReadySlot | undefined {
    return this.pool.take();
  }

  lend(lent: LentSlot): void {
    this.lent.add(lent);
    const leftMs = lent.exp * 1000 - Date.now();
    const expiry = setTimeout(() => this.expire(lent), Math.max(leftMs, 0));
    void lent.slot.ended.then(() => clearTimeout(expiry));
    this.changed();
  }

  /** Takes a slot out of use and ends its process; a handshake that is over has none any more. */
  release(lent: LentSlot): void {
    lent.worker.kill();
    this.lent.remove(lent);
    this.changed();
  }

  /** Lends nothing more, and takes back what nobody has used. */
  stop(): void {
    this.pool.close();
    for (const lent of this.lent.all()) if (lent.claim(new Date())) this.release(lent);
    this.changed();
  }

  private expire(lent: LentSlot): void {
    if (!lent.isUnused) return;
    this.log.info({ vid: lent.order.vid, outcome: 'expired' }, 'A lent slot was not used in time');
    this.release(lent);
  }

  private changed(): void {
    this.hasBeenReady ||= this.freeSlots > 0;
    for (const listener of this.listeners) listener();
  }
}
