import { LendSlot, type LendSlotReply } from '@lethe/contracts';
import { Responds } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { ReservationsService } from './reservations.service.js';

@Controller()
export class ReserveSlotResponder {
  constructor(private readonly desk: ReservationsService) {}

  @Responds(LendSlot)
  reserve({ order }: LendSlot): Promise<LendSlotReply> {
    return this.desk.reserve(order);
  }
}
