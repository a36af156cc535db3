import { type CatalogueItem, itemKey } from '@lethe/contracts';
import type { CatalogueDiff } from './catalogue-diff.js';

/**
 * The items that serve until an administrator reviews the changes: those verified before, unchanged. Added and changed
 * items wait; removed ones stay, marked as stale.
 */
export function mergeForReview(
  before: CatalogueItem[],
  diff: CatalogueDiff,
): { items: CatalogueItem[]; stale: Set<string> } {
  return { items: before, stale: new Set(diff.removed.map(itemKey)) };
}
