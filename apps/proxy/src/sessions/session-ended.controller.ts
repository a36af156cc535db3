import { SessionEnded } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller, Inject } from '@nestjs/common';
import { EndedSessions } from './ended-sessions.js';

/** Receives which sessions were ended at other replicas. */
@Controller()
export class SessionEndedController {
  constructor(@Inject(EndedSessions) private readonly ended: EndedSessions) {}

  @OnNotice(SessionEnded)
  remember(session: SessionEnded): void {
    this.ended.remember(session);
  }
}
