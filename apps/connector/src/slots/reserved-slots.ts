import { createHash } from 'node:crypto';
import { MAX_RESERVED_PER_ADMINISTRATOR, type NoSlotReason } from '@lethe/contracts';
import type { ReservedSlot } from './reserved-slot.js';

/** Reserved slots of one connector. */
export const MAX_RESERVED = 32;

/** A limit, and when a slot that counts for it is given back. */
export interface ReachedLimit {
  readonly reason: Extract<NoSlotReason, 'too_many_lent' | 'administrator_limit'>;
  /** Until the first of them is given back, at the latest: its life ends, or its handshake. */
  readonly retryAfterSeconds: number;
}

/** The slots that are reserved or in use. */
export class ReservedSlots {
  private readonly byId = new Map<string, ReservedSlot>();

  /** @param longestUseMs how long a handshake may take */
  constructor(private readonly longestUseMs: number) {}

  get count(): number {
    return this.byId.size;
  }

  all(): ReservedSlot[] {
    return [...this.byId.values()];
  }

  /** The limit that keeps this administrator from reserving another slot now. */
  limitReached(administrator: string, now: Date): ReachedLimit | undefined {
    if (this.byId.size >= MAX_RESERVED) return this.reached('too_many_lent', this.all(), now);
    const own = this.all().filter(({ order }) => order.administrator === administrator);
    return own.length >= MAX_RESERVED_PER_ADMINISTRATOR ? this.reached('administrator_limit', own, now) : undefined;
  }

  add(reserved: ReservedSlot): void {
    this.byId.set(reserved.slot.id, reserved);
  }

  remove(reserved: ReservedSlot): void {
    this.byId.delete(reserved.slot.id);
  }

  find(slotId: string): ReservedSlot | undefined {
    return this.byId.get(slotId);
  }

  findByHash(hash: string): ReservedSlot | undefined {
    return this.all().find(({ slot }) => hashOfSlot(slot.id) === hash);
  }

  private reached(reason: ReachedLimit['reason'], slots: readonly ReservedSlot[], now: Date): ReachedLimit {
    const firstEnd = Math.min(...slots.map((slot) => slot.endsBy(this.longestUseMs)));
    return { reason, retryAfterSeconds: Math.max(1, Math.ceil((firstEnd - now.getTime()) / 1000)) };
  }
}

/** How door processes know a slot that they may claim. */
export function hashOfSlot(slotId: string): string {
  return createHash('sha256').update(slotId).digest('hex');
}
