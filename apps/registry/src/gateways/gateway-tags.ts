import type { RowsMac } from '@lethe/sealing';
import { type EntityManager } from '@mikro-orm/postgresql';
import { Gateway } from './gateway.entity.js';

/**
 * A gateway's tags have an authentication code of their own: rows of before had tags and none, and older registries, which
 * run beside newer ones during an upgrade, write tags without it.
 */
function tagsContent({ id, tags }: Pick<Gateway, 'id' | 'tags'>): object {
  return { id, tags };
}

/** Sets the authentication code of tags that an administrator has given now. */
export function sealTags(rows: RowsMac, gateway: Gateway): void {
  gateway.tagsMac = rows.tag('row:gateway-tags', tagsContent(gateway));
}

/** Whether the tags are as an administrator gave them; rules of virtual servers look at no others. */
export function areTagsGenuine(rows: RowsMac, gateway: Gateway): boolean {
  if (gateway.tags.length === 0) return true;
  const { tagsMac } = gateway;
  return typeof tagsMac === 'string' && rows.matches('row:gateway-tags', tagsContent(gateway), tagsMac);
}

/** The gateways that carry one of these tags, oldest first. */
export async function gatewaysWithTags(em: EntityManager, tags: readonly string[]): Promise<Gateway[]> {
  if (tags.length === 0) return [];
  const found = await em.execute<{ id: string }[]>(
    `select id from gateway where deleted_at is null
       and exists (select 1 from jsonb_array_elements_text(tags) as tag where tag in (?))`,
    [[...new Set(tags)]],
  );
  const ids = found.map(({ id }) => id);
  return em.find(Gateway, { id: { $in: ids } }, { orderBy: { createdAt: 'asc', id: 'asc' } });
}
