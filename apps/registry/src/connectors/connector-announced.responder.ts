import { ConnectorAnnounced } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { ConnectorCache } from './connector-cache.service.js';

/** Receives the announcements of connectors. */
@Controller()
export class ConnectorAnnouncedResponder {
  constructor(private readonly cache: ConnectorCache) {}

  @OnNotice(ConnectorAnnounced)
  onAnnounced(notice: ConnectorAnnounced): void {
    this.cache.record(notice, new Date());
  }
}
