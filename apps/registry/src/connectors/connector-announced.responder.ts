import { ConnectorAnnounced } from '@lethe/contracts';
import { OnNotice } from '@lethe/messaging';
import { Controller } from '@nestjs/common';
import { ConnectorCache } from './connector-cache.js';

/** Hears what connectors say of themselves. */
@Controller()
export class ConnectorAnnouncedResponder {
  constructor(private readonly cache: ConnectorCache) {}

  @OnNotice(ConnectorAnnounced)
  heard(notice: ConnectorAnnounced): void {
    this.cache.note(notice, new Date());
  }
}
