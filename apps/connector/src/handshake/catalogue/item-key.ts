import type { CatalogueItem } from '@lethe/contracts';

/** Identifies an item in its catalogue. */
export function itemKey({ kind, own }: Pick<CatalogueItem, 'kind' | 'own'>): string {
  return `${kind} ${own}`;
}
