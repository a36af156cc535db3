import type { CatalogueItem } from '@lethe/contracts';
import type { Gateway } from '../gateways/gateway.entity.js';

/** The tags of an item itself, by which it is found. Those of its gateway are read from there. */
export function itemTags(_gateway: Gateway, _item: CatalogueItem): readonly string[] {
  return [];
}
