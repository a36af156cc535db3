import { GatewayVerificationFailed } from '@lethe/contracts';
import { type EventHandler, OnEvent } from '@lethe/messaging';
import { Injectable } from '@nestjs/common';
import { ResultsService } from './results.service.js';

@Injectable()
@OnEvent(GatewayVerificationFailed)
export class EndVerificationWhenGatewayVerificationFailed implements EventHandler<GatewayVerificationFailed> {
  constructor(private readonly results: ResultsService) {}

  handle = (event: GatewayVerificationFailed): Promise<void> => this.results.failed(event);
}
