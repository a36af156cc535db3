import { ReserveSlot, type ReserveSlotReply } from '@lethe/contracts';
import { Responds } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { ReservationsService } from './reservations.service.js';

/** Answers requests for a slot. */
@Controller()
export class ReserveSlotResponder {
  constructor(private readonly reservations: ReservationsService) {}

  @Responds(ReserveSlot)
  reserve({ order }: ReserveSlot): Promise<ReserveSlotReply> {
    return this.reservations.reserve(order);
  }
}
