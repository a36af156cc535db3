import { SUBJECTS } from '@lethe/contracts';
import { BusHealth } from '@lethe/messaging';
import { LetheError, LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Checks the subjects of sealed credentials: no stream may store their messages. */
@Injectable()
export class HandshakeSubjects {
  constructor(
    private readonly bus: BusHealth,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws LetheError `bus_captured`, `bus_unavailable` */
  async refuseCaptured(): Promise<void> {
    const stream = await this.bus.findCapturingStream(SUBJECTS.handshake);
    if (stream === undefined) return;
    this.logger.error({ stream, subject: SUBJECTS.handshake }, 'A stream captures the handshake subjects');
    throw new LetheError('bus_captured');
  }
}
