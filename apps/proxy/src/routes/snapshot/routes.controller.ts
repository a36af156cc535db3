import { RoutesDigest } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller, Inject } from '@nestjs/common';
import { RoutesService } from './routes.service.js';

/** Hears what the registry says is published. */
@Controller()
export class RoutesController {
  constructor(@Inject(RoutesService) private readonly routes: RoutesService) {}

  @OnNotice(RoutesDigest)
  compare(digest: RoutesDigest): Promise<void> {
    return this.routes.compare(digest);
  }
}
