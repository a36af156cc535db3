import { Trust } from '@lethe/sealing';
import { Get, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { ConnectorCache } from './connector-cache.service.js';
import { limitOf, numberOf, type Page, PageQuery, toPage } from '../rest/paging.js';
import { ConnectorIdentityView } from './connector.view.js';

/** Lists the connectors' keys, which administrators compare and trust, and their free slots. */
@AdminController('connectors', 'connectors')
export class ConnectorsController {
  constructor(
    private readonly trust: Trust,
    private readonly cache: ConnectorCache,
  ) {}

  @Get()
  @Operation('listConnectors', 'Lists the signing keys of connectors, and the connectors that use them now', {
    page: ConnectorIdentityView,
  })
  list(@Query() query: PageQuery): Page<ConnectorIdentityView> {
    const now = new Date();
    const after = numberOf(query, 'integer') ?? -1;
    // Few, and in the order of the trust file.
    const rows = this.trust.identities('connector').map((identity, index) => ({ identity, index }));
    const wanted = rows.filter(({ index }) => index > after).slice(0, limitOf(query) + 1);
    return toPage(
      wanted,
      query,
      ({ index }) => [index],
      ({ identity }) => ({ ...identity, connectors: this.cache.of(identity.kid, now) }),
    );
  }
}
