import { type ExposedItem, forEachKind, type ItemKind } from '@lethe/contracts';
import type { SharedCatalogue, SharedItem } from './shared-catalogue.js';

/** An item under another name or description than its own. */
export interface Renamed {
  readonly item: SharedItem;
  readonly description: string | undefined;
}

/** What an exposed name stands for. */
export type Named = SharedItem | Renamed;

/** Exposed names of one block, read once however many virtual servers have the block and its gateways' catalogues. */
export class SharedNames {
  private readonly byKind = forEachKind(() => new Map<string, Named>());

  /** Names without an item behind them are left out; the first of two with one name stays. */
  constructor(
    lines: readonly ExposedItem[],
    /** By the gateway as the lines call it. */
    readonly catalogues: ReadonlyMap<string, SharedCatalogue>,
  ) {
    for (const { kind, exposed, gateway, own, description } of lines) {
      const item = catalogues.get(gateway)?.item(kind, own);
      const names = this.byKind[kind];
      if (!item || names.has(exposed)) continue;
      const isAsOwn = exposed === own && description === undefined;
      // The catalogue's own string, so that the block's can go.
      names.set(exposed === own ? item.own : exposed, isAsOwn ? item : { item, description });
    }
  }

  ofKind(kind: ItemKind): ReadonlyMap<string, Named> {
    return this.byKind[kind];
  }
}
