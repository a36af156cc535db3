import { Database } from '@lethe/persistence';
import { Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { GatewayDetailsQuery } from '../gateways/gateway-details.service.js';
import { Gateway } from '../gateways/gateway.entity.js';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { compose, membersOf } from './composition.js';
import type { VirtualServer } from './server.entity.js';

/** Reads the gateways of virtual servers. */
@Injectable()
export class ServerGateways {
  constructor(
    private readonly database: Database,
    private readonly details: GatewayDetailsQuery,
    private readonly trust: Trust,
  ) {}

  /** The gateways of a server that still exist, in the order of its rules. */
  membersOf(server: VirtualServer): Promise<GatewayDetails[]> {
    return this.database.read(async (em) => {
      const ids = membersOf(await compose(em, this.trust.rowsMac(), server));
      const gateways = await em.find(Gateway, { id: { $in: ids }, deletedAt: null });
      const details = await this.details.load(em, gateways);
      return ids.flatMap((id) => details.find(({ gateway }) => gateway.id === id) ?? []);
    });
  }

  /** Those of which something is published. */
  async servedBy(server: VirtualServer): Promise<GatewayDetails[]> {
    const members = await this.membersOf(server);
    return members.filter(({ serving }) => serving !== undefined);
  }
}
