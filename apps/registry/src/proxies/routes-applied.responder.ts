import { RoutesApplied } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { LiveProxies } from './live-proxies.service.js';

/** Receives what proxies have applied. */
@Controller()
export class RoutesAppliedResponder {
  constructor(private readonly proxies: LiveProxies) {}

  @OnNotice(RoutesApplied)
  onApplied(notice: RoutesApplied): void {
    this.proxies.note(notice);
  }
}
