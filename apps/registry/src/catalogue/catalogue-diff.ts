import { type CatalogueItem, itemKey, type ItemKind } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';

/** Identifies an item by the name its upstream uses. */
export interface ItemRef {
  kind: ItemKind;
  own: string;
}

/** The differences between two catalogues of one gateway. */
export interface CatalogueDiff {
  added: ItemRef[];
  changed: ItemRef[];
  removed: ItemRef[];
}

/** Whether clients get the same, in both eras and with the same capabilities. */
function isSame(a: CatalogueItem, b: CatalogueItem): boolean {
  return contentOf(a) === contentOf(b);
}

function contentOf({ definition, legacyDefinition, onlyIn, needs = [] }: CatalogueItem): string {
  return canonicalJson([definition, legacyDefinition ?? null, onlyIn ?? null, needs]);
}

const toRef = ({ kind, own }: ItemRef): ItemRef => ({ kind, own });

/** Lists what the new catalogue adds, changes and removes. */
export function diffCatalogues(before: CatalogueItem[], after: CatalogueItem[]): CatalogueDiff {
  const old = new Map(before.map((item) => [itemKey(item), item]));
  const found = new Set(after.map(itemKey));
  const changed = after.filter((item) => {
    const was = old.get(itemKey(item));
    return was !== undefined && !isSame(was, item);
  });
  return {
    added: after.filter((item) => !old.has(itemKey(item))).map(toRef),
    changed: changed.map(toRef),
    removed: before.filter((item) => !found.has(itemKey(item))).map(toRef),
  };
}

/** Whether two catalogues differ at all. */
export function isDrift({ added, changed, removed }: CatalogueDiff): boolean {
  return added.length + changed.length + removed.length > 0;
}
