import type { CatalogueItem, ConditionalCapability, Era, ItemKind, JsonObject } from '@lethe/contracts';

/** An item as the admin API shows it. */
export interface ItemView {
  kind: ItemKind;
  /** The upstream's own name of it. */
  name: string;
  /** Exactly as the upstream sent it. */
  definition: JsonObject;
  /** What it sent in the legacy era, if that differs. */
  legacyDefinition?: JsonObject;
  /** The only era in which the upstream lists it. */
  onlyIn?: Era;
  /** Client capabilities without which the upstream does not list it. */
  needs?: ConditionalCapability[];
  /** The upstream no longer lists it, and that was not reviewed yet. */
  stale: boolean;
}

/** Converts an item to its form in the admin API. */
export function toItemView({ own: name, ...item }: CatalogueItem, stale = false): ItemView {
  return { name, ...item, stale };
}
