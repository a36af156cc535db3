import { type Identity, Trust } from '@lethe/sealing';
import { Get } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { ConnectorCache, type LiveConnector } from './connector-cache.service.js';

/** A signing key of connectors, and the connectors that use it now. */
export interface ConnectorIdentityView extends Identity {
  connectors: Omit<LiveConnector, 'kid'>[];
}

/** Lists the connectors' keys, which administrators compare and trust, and their free slots. */
@AdminController('connectors', 'connectors')
export class ConnectorsController {
  constructor(
    private readonly trust: Trust,
    private readonly cache: ConnectorCache,
  ) {}

  @Get()
  list(): { items: ConnectorIdentityView[] } {
    const now = new Date();
    const items = this.trust.identities('connector').map((identity) => ({
      ...identity,
      connectors: this.cache.of(identity.kid, now),
    }));
    return { items };
  }
}
