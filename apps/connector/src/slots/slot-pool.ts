import type { Slot, SlotPublicKey } from './slot.js';

/** A slot whose process has made its key. */
export interface ReadySlot {
  slot: Slot;
  publicKey: SlotPublicKey;
}

/**
 * Delay before a slot that ended by itself is replaced, so that a broken installation does not restart in a tight loop.
 */
const RESTART_DELAY_MS = 1_000;

/**
 * Keeps a number of slots started ahead of use, and replaces those that are taken. The first in line is warm; the others hold
 * little more than their key. A slot that was taken is replaced when the next one is warm: with a full pool nothing runs beside
 * a handshake.
 */
export class SlotPool {
  private readonly free: ReadySlot[] = [];
  private readonly starting = new Set<Slot>();
  private readonly retries = new Set<NodeJS.Timeout>();
  /** Those who wait for the next slot. */
  private readonly waiting = new Set<() => void>();
  private isClosed = false;

  constructor(
    private readonly size: number,
    private readonly makeSlot: () => Slot,
    private readonly onChange: () => void,
  ) {}

  get freeSlots(): number {
    return this.free.length;
  }

  /** Whether a slot waits, or soon will. */
  get hasNext(): boolean {
    return this.free.length + this.starting.size > 0;
  }

  /** Processes that wait or start. */
  get pids(): number[] {
    return [...this.free.map(({ slot }) => slot), ...this.starting].flatMap(({ pid }) => pid ?? []);
  }

  fill(): void {
    while (!this.isClosed && this.free.length + this.starting.size + this.retries.size < this.size) this.startSlot();
  }

  /**
   * Takes the slot that has waited longest, or the next that is ready, and prepares for the one after it.
   * @returns undefined if none was ready in time, or another caller was faster
   */
  async take(withinMs: number): Promise<ReadySlot | undefined> {
    if (this.free.length === 0) await this.nextReady(withinMs);
    const ready = this.free.shift();
    this.prepare();
    this.onChange();
    return ready;
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.retries) clearTimeout(timer);
    for (const slot of [...this.starting, ...this.free.map(({ slot }) => slot)]) slot.kill();
    this.free.length = 0;
    for (const go of this.waiting) go();
  }

  private nextReady(withinMs: number): Promise<void> {
    if (this.isClosed || withinMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(overdue);
        this.waiting.delete(go);
        resolve();
      };
      const overdue = setTimeout(go, withinMs);
      this.waiting.add(go);
    });
  }

  /** Warms the first in line, then fills up. */
  private prepare(): void {
    const [first] = this.free;
    if (first === undefined) this.fill();
    else void first.slot.warmUp().then(() => this.fill());
  }

  private startSlot(): void {
    const slot = this.makeSlot();
    this.starting.add(slot);
    void slot.ready.then((publicKey) => {
      this.starting.delete(slot);
      if (publicKey === undefined || this.isClosed) return this.retryLater(slot);
      this.free.push({ slot, publicKey });
      for (const go of this.waiting) go();
      this.prepare();
      void slot.ended.then(() => this.removeEnded(slot));
      this.onChange();
    });
  }

  /** Replaces a waiting slot that ended by itself. */
  private removeEnded(slot: Slot): void {
    const index = this.free.findIndex((ready) => ready.slot === slot);
    if (index === -1) return;
    this.free.splice(index, 1);
    // Before the next one is prepared: what waits for its delay is not started at once.
    this.retryLater(slot);
    this.prepare();
    this.onChange();
  }

  private retryLater(slot: Slot): void {
    slot.kill();
    if (this.isClosed) return;
    this.onChange();
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      this.fill();
    }, RESTART_DELAY_MS);
    this.retries.add(timer);
  }
}
