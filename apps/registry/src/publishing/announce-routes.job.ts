import { RoutesDigest } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PublishedRoutes } from './published-routes.service.js';

const EVERY_MS = 15_000;

/** Tells proxies what they should have, so that one that missed something notices. */
@Injectable()
export class AnnounceRoutes {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly routes: PublishedRoutes,
    private readonly notices: NoticePublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    const tell = () => {
      this.tell().catch((error: unknown) => this.logger.warn({ err: error }, 'The routes were not announced'));
    };
    this.timer = setInterval(tell, EVERY_MS);
    tell();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async tell(): Promise<void> {
    await this.notices.tell(RoutesDigest, await this.routes.digest());
  }
}
