import { GatewaysSeen } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { SeenGateways } from './seen-gateways.service.js';

/** Receives what proxies saw of gateways. */
@Controller()
export class GatewaysSeenResponder {
  constructor(private readonly gateways: SeenGateways) {}

  @OnNotice(GatewaysSeen)
  onSeen(notice: GatewaysSeen): Promise<void> {
    return this.gateways.note(notice);
  }
}
