import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Metrics, Readiness, type Logger, sleep } from '@lethe/platform';
import { CONNECTOR_OPTIONS, type ConnectorOptions, longestHandshakeMs } from './connector-options.js';
import type { ReservedSlot } from '../slots/reserved-slot.js';
import { ReservedSlots } from '../slots/reserved-slots.js';
import { SlotPool, type ReadySlot } from '../slots/slot-pool.js';
import { Slot } from '../slots/slot.js';

/** How long a start waits for the first slot. */
const FIRST_SLOT_MS = 10_000;

/** All slots of this connector: those that wait, and those that are reserved or in use. */
@Injectable()
export class SlotsService {
  readonly reserved: ReservedSlots;
  private readonly pool: SlotPool;
  private readonly listeners = new Set<() => void>();
  private hasBeenReady = false;

  constructor(
    @Inject(CONNECTOR_OPTIONS) options: ConnectorOptions,
    @Inject(Readiness) readiness: Readiness,
    @Inject(Metrics) metrics: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.reserved = new ReservedSlots(longestHandshakeMs(options));
    this.pool = new SlotPool(
      options.slots,
      () => new Slot(options.childFile),
      () => this.notify(),
    );
    readiness.register('slots', () => this.hasBeenReady);
    const free = metrics.gauge('lethe_connector_free_slots', 'Slots that are ready to be reserved');
    const reserved = metrics.gauge('lethe_connector_reserved_slots', 'Slots that are reserved or in use');
    this.onChange(() => {
      free.set(this.freeSlots);
      reserved.set(this.reserved.count);
    });
  }

  get freeSlots(): number {
    return this.pool.freeSlots;
  }

  /** Whether a slot can be had, at once or soon. */
  get hasNext(): boolean {
    return this.pool.hasNext;
  }

  /** One-shot processes that run now. */
  get pids(): number[] {
    return [...this.pool.pids, ...this.reserved.all().flatMap(({ process }) => process.pid ?? [])];
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Fills the pool. Resolves when the first slot is ready, or when that takes too long to wait for. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => this.onChange(() => this.freeSlots > 0 && resolve()));
    this.pool.fill();
    await Promise.race([first, sleep(FIRST_SLOT_MS, { ref: false })]);
  }

  /** @returns undefined if no slot was ready in time */
  take(withinMs: number): Promise<ReadySlot | undefined> {
    return this.pool.take(withinMs);
  }

  reserve(reserved: ReservedSlot): void {
    this.reserved.add(reserved);
    const leftMs = reserved.exp * 1000 - Date.now();
    const expiry = setTimeout(() => this.expire(reserved), Math.max(leftMs, 0));
    void reserved.slot.ended.then(() => {
      clearTimeout(expiry);
      // Nothing can be sealed for a process that is gone.
      if (reserved.isUnused) this.release(reserved);
    });
    this.notify();
  }

  /** Takes a slot out of use and kills its process if it still runs. */
  release(reserved: ReservedSlot): void {
    reserved.process.kill();
    this.reserved.remove(reserved);
    this.notify();
  }

  /** Stops reserving, and releases slots that were not used. */
  stop(): void {
    this.pool.close();
    for (const reserved of this.reserved.all()) if (reserved.claim(new Date())) this.release(reserved);
    this.notify();
  }

  private expire(reserved: ReservedSlot): void {
    if (!reserved.isUnused) return;
    this.log.info({ vid: reserved.order.vid, outcome: 'expired' }, 'A reserved slot was not used in time');
    this.release(reserved);
  }

  private notify(): void {
    this.hasBeenReady ||= this.freeSlots > 0;
    for (const listener of this.listeners) listener();
  }
}
