import { LetheError } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from './gateway-config.entity.js';
import { wantedRevision } from './gateway-rows.js';
import { GatewayVerifications } from './gateway-verifications.js';
import type { Gateway } from './gateway.entity.js';
import type { GatewayDetails } from './gateway.view.js';
import { KeptCredential } from './kept-credential.entity.js';
import { isKeptGenuine } from './kept-rows.js';
import type { KeptFacts } from './kept.view.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import { SeenGateways } from './seen-gateways.service.js';

/** Reads gateways together with their configurations and verifications. */
@Injectable()
export class GatewayDetailsQuery {
  constructor(
    private readonly trust: Trust,
    private readonly verifications: GatewayVerifications,
    private readonly seen: SeenGateways,
    private readonly tamper: TamperLog,
  ) {}

  /** In a fixed number of queries. A gateway whose configuration is missing is left out. */
  async load(em: EntityManager, gateways: Gateway[]): Promise<GatewayDetails[]> {
    const configAt = await configsOf(em, gateways);
    const kept = await this.keptOf(em, gateways);
    const summaries = await this.verifications.summarize(em, gateways);
    return gateways.flatMap((gateway) => {
      const config = configAt(gateway.id, gateway.currentRevision ?? wantedRevision(gateway));
      if (config === undefined) return [];
      const isChanging = typeof gateway.currentRevision === 'number' && typeof gateway.pendingRevision === 'number';
      const pending = isChanging ? configAt(gateway.id, wantedRevision(gateway)) : undefined;
      const known = { kept: kept.get(gateway.id), seen: this.seen.of(gateway.slug) };
      return [{ gateway, config, pending, ...known, ...summaries.get(gateway.id) }];
    });
  }

  /** @throws LetheError `row_tampered` when the configuration is missing */
  async loadOne(em: EntityManager, gateway: Gateway): Promise<GatewayDetails> {
    const [details] = await this.load(em, [gateway]);
    if (details === undefined) throw new LetheError('row_tampered', { table: 'gateway_config' });
    return details;
  }

  private async keptOf(em: EntityManager, gateways: Gateway[]): Promise<Map<string, KeptFacts>> {
    const ids = gateways.map(({ id }) => id);
    const rows = await em.find(KeptCredential, { gatewayId: { $in: ids }, sealed: { $ne: null } });
    const slugs = new Map(gateways.map(({ id, slug }) => [id, slug]));
    const facts = rows.map((row) => ({
      ...{ row, isGenuine: isKeptGenuine(this.trust.rowsMac(), row) },
      rejectedAt: this.seen.rejectedAt(slugs.get(row.gatewayId) ?? '', row.keptRevision),
    }));
    for (const { row, isGenuine } of facts) if (!isGenuine) this.tamper.report('kept_credential', row.gatewayId);
    return new Map(facts.map((each) => [each.row.gatewayId, each]));
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
