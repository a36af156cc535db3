import { GatewayVerified } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { HandshakeResultsService } from './handshake-results.service.js';

/** Applies the catalogue of a verified gateway. */
@Injectable()
@OnEvent(GatewayVerified)
export class ApplyCatalogueWhenGatewayVerified implements EventHandler<GatewayVerified> {
  constructor(private readonly results: HandshakeResultsService) {}

  handle = (event: GatewayVerified): Promise<void> => this.results.verified(event);
}
