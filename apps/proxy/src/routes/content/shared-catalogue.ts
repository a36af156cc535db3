import type { CatalogueItem, ItemKind } from '@lethe/contracts';

/** One item of a gateway's catalogue, shared by all virtual servers that expose it. */
export interface SharedItem extends CatalogueItem {
  readonly catalogue: SharedCatalogue;
}

/** The catalogue of one gateway, read once for all virtual servers that bundle it. */
export class SharedCatalogue {
  private readonly byKey: ReadonlyMap<string, SharedItem>;

  constructor(
    /** The blocks that it was read from. */
    readonly digests: readonly string[],
    items: readonly CatalogueItem[],
  ) {
    this.byKey = new Map(items.map((item) => [keyOf(item.kind, item.own), { ...item, catalogue: this }]));
  }

  item(kind: ItemKind, own: string): SharedItem | undefined {
    return this.byKey.get(keyOf(kind, own));
  }
}

function keyOf(kind: ItemKind, own: string): string {
  return `${kind} ${own}`;
}
