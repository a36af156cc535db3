import { FetchRoutes, type FetchRoutesReply } from '@lethe/contracts';
import { Responds } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { PublishedRoutes } from './published-routes.service.js';

/** Sends the published state to proxies that can't read it from the KV store. */
@Controller()
export class FetchRoutesResponder {
  constructor(private readonly routes: PublishedRoutes) {}

  @Responds(FetchRoutes)
  fetch(request: FetchRoutes): Promise<FetchRoutesReply> {
    return this.routes.page(request);
  }
}
