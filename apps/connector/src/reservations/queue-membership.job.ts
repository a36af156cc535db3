import { ReserveSlot } from '@lethe/contracts';
import { ResponderGate } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SlotsService } from '../handshakes/slots.service.js';

/** Leaves the queue group while no slot is free or starts, so that requests go to connectors that have one. */
@Injectable()
export class QueueMembershipJob {
  private isJoined = true;
  private isOpen = true;

  constructor(
    private readonly gate: ResponderGate,
    private readonly slots: SlotsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  start(): void {
    this.slots.onChange(() => this.update());
    this.update();
  }

  /** Leaves the queue group for good. */
  close(): void {
    this.isOpen = false;
    this.update();
  }

  private update(): void {
    const shouldBeJoined = this.isOpen && this.slots.hasNext;
    if (shouldBeJoined === this.isJoined) return;
    this.isJoined = shouldBeJoined;
    const moved = shouldBeJoined ? this.gate.join(ReserveSlot) : this.gate.leave(ReserveSlot);
    moved.catch((error: unknown) => this.log.warn({ err: error }, 'Leaving or joining the queue group failed'));
  }
}
