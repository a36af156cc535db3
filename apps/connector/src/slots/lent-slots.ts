import { createHash } from 'node:crypto';
import { MAX_LENT_PER_ADMINISTRATOR, type NoSlotReason } from '@lethe/contracts';
import type { LentSlot } from './lent-slot.js';

export const MAX_LENT = 32;

/** The slots that are lent or at work. */
export class LentSlots {
  private readonly byId = new Map<string, LentSlot>();

  get count(): number {
    return this.byId.size;
  }

  all(): LentSlot[] {
    return [...this.byId.values()];
  }

  /** Why this administrator gets no slot now. */
  refusal(administrator: string): Extract<NoSlotReason, 'too_many_lent' | 'administrator_limit'> | undefined {
    if (this.byId.size >= MAX_LENT) return 'too_many_lent';
    const own = this.all().filter(({ order }) => order.administrator === administrator);
    return own.length >= MAX_LENT_PER_ADMINISTRATOR ? 'administrator_limit' : undefined;
  }

  add(lent: LentSlot): void {
    this.byId.set(lent.slot.id, lent);
  }

  remove(lent: LentSlot): void {
    this.byId.delete(lent.slot.id);
  }

  find(slotId: string): LentSlot | undefined {
    return this.byId.get(slotId);
  }

  findByHash(hash: string): LentSlot | undefined {
    return this.all().find(({ slot }) => hashOfSlot(slot.id) === hash);
  }
}

/** How the door's children know a slot that they may claim. */
export function hashOfSlot(slotId: string): string {
  return createHash('sha256').update(slotId).digest('hex');
}
