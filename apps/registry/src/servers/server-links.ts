import type { RowsMac } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { areTagsGenuine } from '../gateways/gateway-tags.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { ServerGateway } from './server-gateway.entity.js';
import { VirtualServer } from './server.entity.js';

/** Remembers the gateways of a server: it is published again when one of them changes. */
export async function linkMembers(em: EntityManager, serverId: string, members: readonly string[]): Promise<void> {
  const links = await em.execute<{ gateway_id: string }[]>(
    `select gateway_id from server_gateway where server_id = ?`,
    [serverId],
  );
  const before = new Set(links.map((link) => link.gateway_id));
  if (before.size === members.length && members.every((gatewayId) => before.has(gatewayId))) return;
  await em.nativeDelete(ServerGateway, { serverId });
  const rows = members.map((gatewayId) => ({ serverId, gatewayId }));
  if (rows.length > 0) await em.insertMany(ServerGateway, rows);
}

/** The servers that had this gateway when they were published, and those whose rules include it by its tags now. */
export async function linkedServers(em: EntityManager, rows: RowsMac, gatewayId: string): Promise<VirtualServer[]> {
  const links = await em.find(ServerGateway, { gatewayId });
  const gateway = await em.findOne(Gateway, { id: gatewayId, deletedAt: null });
  const tags = gateway && areTagsGenuine(rows, gateway) ? gateway.tags : [];
  const ids = [...links.map(({ serverId }) => serverId), ...(await includingByTags(em, tags))];
  return em.find(VirtualServer, { id: { $in: ids }, deletedAt: null }, { orderBy: { id: 'asc' } });
}

async function includingByTags(em: EntityManager, tags: readonly string[]): Promise<string[]> {
  if (tags.length === 0) return [];
  const found = await em.execute<{ id: string }[]>(
    `select id from virtual_server where deleted_at is null
       and exists (select 1 from jsonb_array_elements(include) as rule,
         jsonb_array_elements_text(rule -> 'gatewayTags') as tag where tag in (?))`,
    [tags],
  );
  return found.map(({ id }) => id);
}
