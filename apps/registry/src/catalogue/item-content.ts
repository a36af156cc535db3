import { type CatalogueItem, type Era, ITEM_KINDS, type ItemKind, type JsonObject } from '@lethe/contracts';
import { blockDigest, canonicalJson } from '@lethe/sealing';

/** What can change: the items of a catalogue, and `server`, which is what an upstream says of itself. */
export const CHANGE_KINDS = [...ITEM_KINDS, 'server'] as const;
/** One of `CHANGE_KINDS`. */
export type ChangeKind = ItemKind | 'server';

/** What clients get of an item, in both eras. */
export interface ItemContent {
  definition: JsonObject;
  legacyDefinition?: JsonObject;
  onlyIn?: Era;
  needs?: string[];
}

/** One item that differs between two catalogues of a gateway. */
export interface ItemChange {
  kind: ChangeKind;
  own: string;
  change: 'added' | 'changed' | 'removed';
  before?: ItemContent;
  after?: ItemContent;
}

/** Identifies an item among the changes of a gateway. */
export function changeKey({ kind, own }: { kind: ChangeKind; own: string }): string {
  return `${kind} ${own}`;
}

/** The content of an item, without its identity. */
export function contentOf({ definition, legacyDefinition, onlyIn, needs }: CatalogueItem): ItemContent {
  return {
    definition,
    ...(legacyDefinition && { legacyDefinition }),
    ...(onlyIn && { onlyIn }),
    ...(needs && needs.length > 0 && { needs }),
  };
}

/** The same content always has the same digest, whatever the order of its members. */
export function contentDigest(content: ItemContent): string {
  return blockDigest(canonicalJson(content));
}
