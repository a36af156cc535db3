import type { EntityManager } from '@mikro-orm/postgresql';
import { Verification } from '../verifications/verification.entity.js';
import { GatewayConfig } from './gateway-config.entity.js';
import type { Gateway } from './gateway.entity.js';
import { wantedRevision } from './gateway-rows.js';
import type { GatewayDetails } from './gateway.view.js';

async function lastVerifications(em: EntityManager, ids: string[]): Promise<Map<string, Verification>> {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<{ id: string }[]>(
    `select distinct on (gateway_id) id from verification where gateway_id in (?) order by gateway_id, attempt desc`,
    [ids],
  );
  const last = await em.find(Verification, { id: { $in: rows.map(({ id }) => id) } });
  return new Map(last.map((verification) => [verification.gatewayId, verification]));
}

/** Gathers what belongs to each gateway, in a fixed number of reads. A gateway whose configuration is gone is left out. */
export async function detailsOf(em: EntityManager, gateways: Gateway[]): Promise<GatewayDetails[]> {
  const ids = gateways.map(({ id }) => id);
  const wanted = gateways.flatMap((gateway) =>
    [gateway.currentRevision, gateway.pendingRevision].flatMap((revision) =>
      typeof revision === 'number' ? [{ gatewayId: gateway.id, revision }] : [],
    ),
  );
  const configs = wanted.length === 0 ? [] : await em.find(GatewayConfig, { $or: wanted });
  const vids = gateways.flatMap(({ servingVid }) => servingVid ?? []);
  const serving = new Map((await em.find(Verification, { id: { $in: vids } })).map((row) => [row.id, row]));
  const last = await lastVerifications(em, ids);
  const configAt = (id: string, revision: number) =>
    configs.find((config) => config.gatewayId === id && config.revision === revision);
  return gateways.flatMap((gateway) => {
    const config = configAt(gateway.id, gateway.currentRevision ?? wantedRevision(gateway));
    if (config === undefined) return [];
    const isBeside = typeof gateway.currentRevision === 'number' && typeof gateway.pendingRevision === 'number';
    const pending = isBeside ? configAt(gateway.id, wantedRevision(gateway)) : undefined;
    const served = serving.get(gateway.servingVid ?? '');
    return [{ gateway, config, pending, serving: served, last: last.get(gateway.id) }];
  });
}
