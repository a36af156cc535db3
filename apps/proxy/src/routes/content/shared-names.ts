import { type ConditionalCapability, type ExposedItem, forEachKind, type ItemKind } from '@lethe/contracts';
import type { SharedCatalogue, SharedItem } from './shared-catalogue.js';

/** An item with another name or description than its own, or of which an administrator says whether it only reads. */
export interface Renamed {
  readonly item: SharedItem;
  readonly description: string | undefined;
  readonly readOnly: boolean | undefined;
}

/** What an exposed name refers to. */
export type Named = SharedItem | Renamed;

/** The exposed names of one block, read once for all virtual servers that have the block and the same catalogues. */
export class SharedNames {
  private readonly byKind = forEachKind(() => new Map<string, Named>());
  private readonly needs = forEachKind(() => new Set<ConditionalCapability>());

  /** Names without an item are left out; of two items with the same name, the first stays. */
  constructor(
    lines: readonly ExposedItem[],
    /** By the key that the lines use for the gateway. */
    readonly catalogues: ReadonlyMap<string, SharedCatalogue>,
  ) {
    for (const { kind, exposed, gateway, own, description, readOnly } of lines) {
      const item = catalogues.get(gateway)?.item(kind, own);
      const names = this.byKind[kind];
      if (!item || names.has(exposed)) continue;
      const isAsOwn = exposed === own && description === undefined && readOnly === undefined;
      // The catalogue's own string, so that the block's text can be freed.
      names.set(exposed === own ? item.own : exposed, isAsOwn ? item : { item, description, readOnly });
      for (const name of item.needs ?? []) this.needs[kind].add(name);
    }
  }

  ofKind(kind: ItemKind): ReadonlyMap<string, Named> {
    return this.byKind[kind];
  }

  /** All client capabilities that any item of this kind needs. */
  neededBy(kind: ItemKind): ReadonlySet<ConditionalCapability> {
    return this.needs[kind];
  }
}
