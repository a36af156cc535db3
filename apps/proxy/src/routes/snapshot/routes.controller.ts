import { RoutesDigest } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Routes } from './routes.js';

/** Receives the registry's digest of what is published. */
@Controller()
export class RoutesController {
  constructor(@Inject(Routes) private readonly routes: Routes) {}

  @OnNotice(RoutesDigest)
  compare(digest: RoutesDigest): Promise<void> {
    return this.routes.compare(digest);
  }
}
