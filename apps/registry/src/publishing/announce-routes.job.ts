import { RoutesDigest } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PublishedRoutes } from './published-routes.service.js';

const EVERY_MS = 15_000;

/** Announces the digest of the published state regularly, so that a proxy notices when it missed an update. */
@Injectable()
export class AnnounceRoutes {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly routes: PublishedRoutes,
    private readonly notices: NoticePublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    const announce = () => {
      this.announce().catch((error: unknown) => this.logger.warn({ err: error }, 'Announcing the routes failed'));
    };
    this.timer = setInterval(announce, EVERY_MS);
    announce();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async announce(): Promise<void> {
    await this.notices.publish(RoutesDigest, await this.routes.digest());
  }
}
