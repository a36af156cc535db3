import type { CatalogueItem } from '@lethe/contracts';
import { type CatalogueDiff, itemKey } from './catalogue-diff.js';

/**
 * What serves while drift waits for a review: what was verified before, in its verified form. Added and changed items
 * wait; removed ones stay, marked stale.
 */
export function mergeForReview(
  before: CatalogueItem[],
  diff: CatalogueDiff,
): { items: CatalogueItem[]; stale: Set<string> } {
  return { items: before, stale: new Set(diff.removed.map(itemKey)) };
}
