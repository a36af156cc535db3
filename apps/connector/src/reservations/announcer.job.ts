import { ConnectorAnnounced } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SlotsService } from '../handshakes/slots.service.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';

const INTERVAL_MS = 15_000;

/** Announces this connector and its number of slots: at start, on each change, and every 15 s. */
@Injectable()
export class AnnouncerJob {
  private timer: NodeJS.Timeout | undefined;
  private isDue = false;

  constructor(
    private readonly notices: NoticePublisher,
    private readonly identity: ConnectorIdentity,
    private readonly slots: SlotsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.announce(), INTERVAL_MS);
    this.slots.onChange(() => this.announceSoon());
    this.announce();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Sends one announcement for all changes of one event loop turn. */
  private announceSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      if (this.timer !== undefined) this.announce();
    });
  }

  private announce(): void {
    const { id: connector, signer } = this.identity;
    const notice: ConnectorAnnounced = {
      connector,
      kid: signer.kid,
      fingerprint: signer.fingerprint,
      freeSlots: this.slots.freeSlots,
      lentSlots: this.slots.reserved.count,
      at: new Date().toISOString(),
    };
    this.notices.publish(ConnectorAnnounced, notice).catch((error: unknown) => {
      this.log.debug({ err: error }, 'The announcement could not be sent');
    });
  }
}
