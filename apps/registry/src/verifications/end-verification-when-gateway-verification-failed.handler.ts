import { GatewayVerificationFailed } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { HandshakeResultsService } from './handshake-results.service.js';

/** Ends a verification whose handshake failed. */
@Injectable()
@OnEvent(GatewayVerificationFailed)
export class EndVerificationWhenGatewayVerificationFailed implements EventHandler<GatewayVerificationFailed> {
  constructor(private readonly results: HandshakeResultsService) {}

  handle = (event: GatewayVerificationFailed): Promise<void> => this.results.failed(event);
}
