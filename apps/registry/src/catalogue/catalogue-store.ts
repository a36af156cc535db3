import { BUCKETS, type CatalogueItem, itemKey, type SkippedItem } from '@lethe/contracts';
import { recordBlock } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { toCatalogueBlocks } from './blocks.js';
import { StoredItem } from './catalogue-item.entity.js';

const MAX_OWN_BYTES = 2_000;

/** A gateway's current items in the upstream's order. */
export async function itemsOf(em: EntityManager, gatewayId: string): Promise<CatalogueItem[]> {
  const rows = await em.find(StoredItem, { gatewayId }, { orderBy: { ordinal: 'asc' } });
  return rows.map(toItem);
}

/** The item of a row. */
export function toItem({
  kind,
  own,
  definition,
  legacyDefinition,
  onlyIn,
  needs,
}: Pick<StoredItem, keyof CatalogueItem>): CatalogueItem {
  return {
    ...{ kind, own, definition },
    ...(legacyDefinition && { legacyDefinition }),
    ...(onlyIn && { onlyIn }),
    ...(needs && { needs }),
  };
}

/** Separates the items whose names can be stored as keys from those that can't; the latter are reported. */
export function storableItems(items: CatalogueItem[]): { kept: CatalogueItem[]; skipped: SkippedItem[] } {
  const isStorable = ({ own }: CatalogueItem) => !own.includes('\0') && Buffer.byteLength(own) <= MAX_OWN_BYTES;
  const skipped = items.flatMap((item, index): SkippedItem[] =>
    isStorable(item) ? [] : [{ kind: item.kind, index, reason: 'name_illegal' }],
  );
  return { kept: items.filter(isStorable), skipped };
}

/** Replaces the gateway's items and publishes their blocks. Returns the digests, in order. */
export async function replaceCatalogue(
  em: EntityManager,
  gatewayId: string,
  items: CatalogueItem[],
  stale: Set<string>,
): Promise<string[]> {
  await em.nativeDelete(StoredItem, { gatewayId });
  const rows = items.map(({ legacyDefinition = null, onlyIn = null, needs = null, ...item }, ordinal) => {
    const variants = { legacyDefinition, onlyIn, needs };
    return { gatewayId, ordinal, ...item, ...variants, stale: stale.has(itemKey(item)) };
  });
  if (rows.length > 0) await em.insertMany(StoredItem, rows);
  const blocks = toCatalogueBlocks(items);
  for (const { digest, bytes } of blocks) {
    await recordBlock(em, { bucket: BUCKETS.blocks, key: digest, value: bytes });
  }
  return blocks.map(({ digest }) => digest);
}
