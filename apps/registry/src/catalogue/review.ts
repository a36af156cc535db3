import { type CatalogueItem, itemKey } from '@lethe/contracts';

/** A catalogue as it is served. */
export interface ServedCatalogue {
  items: CatalogueItem[];
  /** Keys of items that the upstream no longer lists, and that stay until a review. */
  stale: Set<string>;
}

/**
 * The items that serve, of those verified before and those found now: what differs is taken over only if it is accepted. An
 * item that was removed, which is not accepted, stays and is stale. In the order of the new catalogue, stale items last.
 */
export function acceptedCatalogue(
  before: readonly CatalogueItem[],
  after: readonly CatalogueItem[],
  isAccepted: (key: string) => boolean,
): ServedCatalogue {
  const old = new Map(before.map((item) => [itemKey(item), item]));
  const found = new Set(after.map(itemKey));
  const current = after.flatMap((item) => {
    const key = itemKey(item);
    if (isAccepted(key)) return [item];
    return old.get(key) ?? [];
  });
  const kept = before.filter((item) => !found.has(itemKey(item)) && !isAccepted(itemKey(item)));
  return { items: [...current, ...kept], stale: new Set(kept.map(itemKey)) };
}
