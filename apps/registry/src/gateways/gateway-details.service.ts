import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from './gateway-config.entity.js';
import { wantedRevision } from './gateway-rows.js';
import { GatewayVerifications } from './gateway-verifications.js';
import type { Gateway } from './gateway.entity.js';
import type { GatewayDetails } from './gateway.view.js';
import { SeenGateways } from './seen-gateways.service.js';

/** Reads gateways together with their configurations and verifications. */
@Injectable()
export class GatewayDetailsQuery {
  constructor(
    private readonly verifications: GatewayVerifications,
    private readonly seen: SeenGateways,
  ) {}

  /** In a fixed number of queries. A gateway whose configuration is missing is left out. */
  async load(em: EntityManager, gateways: Gateway[]): Promise<GatewayDetails[]> {
    const configAt = await configsOf(em, gateways);
    const summaries = await this.verifications.summarize(em, gateways);
    return gateways.flatMap((gateway) => {
      const config = configAt(gateway.id, gateway.currentRevision ?? wantedRevision(gateway));
      if (config === undefined) return [];
      const isChanging = typeof gateway.currentRevision === 'number' && typeof gateway.pendingRevision === 'number';
      const pending = isChanging ? configAt(gateway.id, wantedRevision(gateway)) : undefined;
      return [{ gateway, config, pending, seen: this.seen.of(gateway.slug), ...summaries.get(gateway.id) }];
    });
  }

  /** @throws LetheError `row_tampered` when the configuration is missing */
  async loadOne(em: EntityManager, gateway: Gateway): Promise<GatewayDetails> {
    const [details] = await this.load(em, [gateway]);
    if (details === undefined) throw new LetheError('row_tampered', { table: 'gateway_config' });
    return details;
  }
}

type FindConfig = (gatewayId: string, revision: number) => GatewayConfig | undefined;

async function configsOf(em: EntityManager, gateways: Gateway[]): Promise<FindConfig> {
  const wanted = gateways.flatMap((gateway) =>
    [gateway.currentRevision, gateway.pendingRevision].flatMap((revision) =>
      typeof revision === 'number' ? [{ gatewayId: gateway.id, revision }] : [],
    ),
  );
  const configs = wanted.length === 0 ? [] : await em.find(GatewayConfig, { $or: wanted });
  return (gatewayId, revision) =>
    configs.find((config) => config.gatewayId === gatewayId && config.revision === revision);
}
