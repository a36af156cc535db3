import type { CatalogueItem, ItemKind } from '@lethe/contracts';

/** One item of a gateway's catalogue, as every virtual server that exposes it has it. */
export interface SharedItem extends CatalogueItem {
  readonly catalogue: SharedCatalogue;
}

/** What one gateway offers, read once however many virtual servers bundle it. */
export class SharedCatalogue {
  private readonly byKey: ReadonlyMap<string, SharedItem>;

  constructor(
    /** The blocks it was read from. */
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
