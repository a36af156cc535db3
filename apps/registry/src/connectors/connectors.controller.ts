import { Trust } from '@lethe/sealing';
import { Get } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { ConnectorCache } from './connector-cache.service.js';
import { ConnectorIdentitiesView } from './connector.view.js';

/** Lists the connectors' keys, which administrators compare and trust, and their free slots. */
@AdminController('connectors', 'connectors')
export class ConnectorsController {
  constructor(
    private readonly trust: Trust,
    private readonly cache: ConnectorCache,
  ) {}

  @Get()
  @Operation('listConnectors', 'Lists the signing keys of connectors, and the connectors that use them now', {
    answer: ConnectorIdentitiesView,
  })
  list(): ConnectorIdentitiesView {
    const now = new Date();
    const items = this.trust.identities('connector').map((identity) => ({
      ...identity,
      connectors: this.cache.of(identity.kid, now),
    }));
    return { items };
  }
}
