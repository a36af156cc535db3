import type { CatalogueItem, GatewayVerified } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { StagedPart } from './catalogue-part.entity.js';

/** Stores a part. A later part with the same number replaces it. */
export async function stagePart(
  em: EntityManager,
  { vid, n, items }: Pick<StagedPart, 'vid' | 'n' | 'items'>,
): Promise<void> {
  const part = { vid, n, items, receivedAt: new Date() };
  await em.upsert(StagedPart, part, { onConflictFields: ['vid', 'n'], onConflictAction: 'merge' });
}

/** The items of all parts of a result that waits for a review, in order. */
export async function stagedItems(em: EntityManager, vid: string): Promise<CatalogueItem[]> {
  const parts = await em.find(StagedPart, { vid }, { orderBy: { n: 'asc' } });
  return parts.flatMap(({ items }) => items);
}

/** All items in order: those of the parts, then those of the event; undefined while parts are missing. */
export async function wholeCatalogue(
  em: EntityManager,
  { vid, parts, items }: GatewayVerified,
): Promise<CatalogueItem[] | undefined> {
  if (parts === 0) return items;
  const staged = await em.find(StagedPart, { vid, n: { $lt: parts } }, { orderBy: { n: 'asc' } });
  return staged.length === parts ? [...staged.flatMap((part) => part.items), ...items] : undefined;
}
