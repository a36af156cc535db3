import { GatewayVerified } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { ResultsService } from './results.service.js';

@Injectable()
@OnEvent(GatewayVerified)
export class ApplyCatalogueWhenGatewayVerified implements EventHandler<GatewayVerified> {
  constructor(private readonly results: ResultsService) {}

  handle = (event: GatewayVerified): Promise<void> => this.results.verified(event);
}
