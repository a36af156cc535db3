import { Injectable } from '@nestjs/common';
import { SlotReservation, type ReservedSlot } from './slot-reservation.service.js';
import { Verification } from './verification.entity.js';
import { VerificationsService } from './verifications.service.js';

/** A verification that began, with the slot that was lent for it. */
export interface OpenedVerification {
  verification: Verification;
  slot?: ReservedSlot;
}

/** Steps 2 and 3 of a credential's flow: the record, the order, the slot. */
@Injectable()
export class OpenVerification {
  constructor(
    private readonly verifications: VerificationsService,
    private readonly slots: SlotReservation,
  ) {}

  /** @throws LetheError as `VerificationsService.begin` and `SlotReservation.lend` */
  async open(administrator: string, gateway: string, credential: 'sealed' | 'none'): Promise<OpenedVerification> {
    const { verification, order } = await this.verifications.begin(administrator, gateway, credential);
    try {
      const slot = await this.slots.reserve(order);
      const attached = await this.verifications.attachSlot(verification.id, slot.claims);
      return credential === 'none' ? { verification: attached } : { verification: attached, slot };
    } catch (error) {
      await this.verifications.withdraw(verification.id);
      throw error;
    }
  }
}
