import { type CatalogueItem, itemKey, type ItemKind } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';
import { contentOf, type ItemChange } from './item-content.js';

/** Identifies an item by the name its upstream uses. */
export interface ItemRef {
  kind: ItemKind;
  own: string;
}

/** The names of what differs between two catalogues of one gateway. */
export interface CatalogueDiff {
  added: ItemRef[];
  changed: ItemRef[];
  removed: ItemRef[];
}

/** Whether clients get the same, in both eras and with the same capabilities. */
function isSame(a: CatalogueItem, b: CatalogueItem): boolean {
  return canonicalJson(contentOf(a)) === canonicalJson(contentOf(b));
}

/** What the new catalogue adds and changes, in its order, and then what it removes. */
export function itemChanges(before: CatalogueItem[], after: CatalogueItem[]): ItemChange[] {
  const old = new Map(before.map((item) => [itemKey(item), item]));
  const found = new Set(after.map(itemKey));
  const arrived = after.flatMap((item): ItemChange[] => {
    const was = old.get(itemKey(item));
    const { kind, own } = item;
    if (was === undefined) return [{ kind, own, change: 'added', after: contentOf(item) }];
    if (isSame(was, item)) return [];
    return [{ kind, own, change: 'changed', before: contentOf(was), after: contentOf(item) }];
  });
  const gone = before.filter((item) => !found.has(itemKey(item)));
  return [
    ...arrived,
    ...gone.map((item): ItemChange => ({
      kind: item.kind,
      own: item.own,
      change: 'removed',
      before: contentOf(item),
    })),
  ];
}

/** The names of changed items. */
export function toDiff(changes: readonly ItemChange[]): CatalogueDiff {
  const refs = (wanted: ItemChange['change']): ItemRef[] =>
    changes.flatMap(({ kind, own, change }) => (change === wanted && kind !== 'server' ? [{ kind, own }] : []));
  return { added: refs('added'), changed: refs('changed'), removed: refs('removed') };
}
