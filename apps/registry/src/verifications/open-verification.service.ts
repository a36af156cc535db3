import { Injectable } from '@nestjs/common';
import { CancelVerification } from './cancel-verification.service.js';
import { SlotReservation, type ReservedSlot } from './slot-reservation.service.js';
import { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

/** A started verification, with the slot that was reserved for it. */
export interface OpenedVerification {
  verification: Verification;
  slot?: ReservedSlot;
}

/**
 * Starts a verification: writes the record, signs the order, reserves a slot. Step 2 of the credential's flow in
 * ARCHITECTURE.md.
 */
@Injectable()
export class OpenVerification {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly slots: SlotReservation,
    private readonly cancelling: CancelVerification,
  ) {}

  /** @throws LetheError like `VerificationsService.begin` and `SlotReservation.reserve` */
  async open(administrator: string, gateway: string, credential: 'sealed' | 'none'): Promise<OpenedVerification> {
    const { verification, order } = await this.verifications.begin(administrator, gateway, credential);
    try {
      const slot = await this.slots.reserve(order);
      const attached = await this.verifications.attachSlot(verification.id, slot.claims);
      // Somebody may have cancelled it before its slot was known.
      await this.cancelling.freeSlot(attached);
      return credential === 'none' ? { verification: attached } : { verification: attached, slot };
    } catch (error) {
      await this.verifications.withdraw(verification.id);
      throw error;
    }
  }
}
