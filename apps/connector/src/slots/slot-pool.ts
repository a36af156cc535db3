import type { Slot, SlotPublicKey } from './slot.js';

export interface ReadySlot {
  slot: Slot;
  identity: SlotPublicKey;
}

/** Pause before a slot is made anew after one ended by itself, so that a broken installation does not spin. */
const RETRY_MS = 1_000;

/** Slots that wait, started ahead; as many as were asked for, refilled as they are taken. */
export class SlotPool {
  private readonly free: ReadySlot[] = [];
  private readonly starting = new Set<Slot>();
  private readonly retries = new Set<NodeJS.Timeout>();
  private isClosed = false;

  constructor(
    private readonly size: number,
    private readonly makeSlot: () => Slot,
    private readonly onChange: () => void,
  ) {}

  get freeSlots(): number {
    return this.free.length;
  }

  /** Processes that wait or are being started. */
  get pids(): number[] {
    return [...this.free.map(({ slot }) => slot), ...this.starting].flatMap(({ pid }) => pid ?? []);
  }

  fill(): void {
    while (!this.isClosed && this.free.length + this.starting.size + this.retries.size < this.size) this.startSlot();
  }

  /** The slot that has waited longest; the next one is started at once. */
  take(): ReadySlot | undefined {
    const ready = this.free.shift();
    this.fill();
    this.onChange();
    return ready;
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.retries) clearTimeout(timer);
    for (const slot of [...this.starting, ...this.free.map(({ slot }) => slot)]) slot.kill();
    this.free.length = 0;
  }

  private startSlot(): void {
    const slot = this.makeSlot();
    this.starting.add(slot);
    void slot.ready.then((identity) => {
      this.starting.delete(slot);
      if (identity === undefined || this.isClosed) return this.retryLater(slot);
      this.free.push({ slot, identity });
      void slot.ended.then(() => this.drop(slot));
      this.onChange();
    });
  }

  /** A waiting slot ended by itself. */
  private drop(slot: Slot): void {
    const index = this.free.findIndex((ready) => ready.slot === slot);
    if (index === -1) return;
    this.free.splice(index, 1);
    this.retryLater(slot);
    this.onChange();
  }

  private retryLater(slot: Slot): void {
    slot.kill();
    if (this.isClosed) return;
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      this.fill();
    }, RETRY_MS);
    this.retries.add(timer);
  }
}
