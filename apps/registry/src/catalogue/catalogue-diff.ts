import type { CatalogueItem, ItemKind } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';

/** An item by what its upstream calls it. */
export interface ItemRef {
  kind: ItemKind;
  own: string;
}

/** Drift between two catalogues of one gateway. */
export interface CatalogueDiff {
  added: ItemRef[];
  changed: ItemRef[];
  removed: ItemRef[];
}

/** Identity of an item within its gateway. */
export function itemKey({ kind, own }: ItemRef): string {
  return `${kind} ${own}`;
}

function isSameDefinition(a: CatalogueItem, b: CatalogueItem): boolean {
  return canonicalJson(a.definition) === canonicalJson(b.definition);
}

const toRef = ({ kind, own }: ItemRef): ItemRef => ({ kind, own });

/** What a new catalogue adds, changes and no longer has. */
export function diffCatalogues(before: CatalogueItem[], after: CatalogueItem[]): CatalogueDiff {
  const old = new Map(before.map((item) => [itemKey(item), item]));
  const found = new Set(after.map(itemKey));
  const changed = after.filter((item) => {
    const was = old.get(itemKey(item));
    return was !== undefined && !isSameDefinition(was, item);
  });
  return {
    added: after.filter((item) => !old.has(itemKey(item))).map(toRef),
    changed: changed.map(toRef),
    removed: before.filter((item) => !found.has(itemKey(item))).map(toRef),
  };
}

/** Whether there is any drift. */
export function isDrift({ added, changed, removed }: CatalogueDiff): boolean {
  return added.length + changed.length + removed.length > 0;
}
