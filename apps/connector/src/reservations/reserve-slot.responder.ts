import { LendSlot, type LendSlotReply } from '@lethe/contracts';
import { Responds } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { LendService } from './reservations.service.js';

@Controller()
export class LendSlotResponder {
  constructor(private readonly desk: LendService) {}

  @Responds(LendSlot)
  lend({ order }: LendSlot): Promise<LendSlotReply> {
    return this.desk.lend(order);
  }
}
