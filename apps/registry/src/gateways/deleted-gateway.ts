import { slugify } from '@lethe/mcp';
import type { RowsMac } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { GatewayConfig } from './gateway-config.entity.js';
import { Gateway } from './gateway.entity.js';
import { isConfigGenuine, isGatewayGenuine } from './gateway-seal.js';

/**
 * The deleted gateway that a registration means: it had the slug, and its upstream was at the same URL, so that the slug comes
 * to mean nothing else for callers. Undefined if there is none, or something else has changed its rows.
 */
export async function deletedGateway(
  em: EntityManager,
  rows: RowsMac,
  { slug, name }: { slug?: string; name: string },
  url: string,
): Promise<Gateway | undefined> {
  const by = { slug: slug ?? slugify(name), deletedAt: { $ne: null } };
  const gateway = await em.findOne(Gateway, by, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const revision = gateway?.currentRevision ?? gateway?.pendingRevision;
  if (!gateway || typeof revision !== 'number' || !isGatewayGenuine(rows, gateway)) return undefined;
  const config = await em.findOne(GatewayConfig, { gatewayId: gateway.id, revision });
  return config && isConfigGenuine(rows, config) && config.url === url ? gateway : undefined;
}
