import type { ItemKind } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import { findGateway } from '../gateways/gateway-rows.js';
import { itemTagger } from '../gateways/item-tags.js';
import { limitOf, numberOf, type PageQuery } from '../rest/paging.js';
import { StoredItem } from './catalogue-item.entity.js';

/** An item with the tags that its gateway gives it. */
export interface TaggedItem {
  row: StoredItem;
  tags: string[];
}

/** Reads the catalogues of gateways. */
@Injectable()
export class CatalogueService {
  constructor(private readonly database: Database) {}

  /**
   * Items of one kind, in the upstream's order, with their tags.
   * @throws LetheError `not_found`
   */
  list(ref: string, kind: ItemKind, query: PageQuery): Promise<TaggedItem[]> {
    const ordinal = numberOf(query, 'integer');
    return this.database.read(async (em) => {
      const { id: gatewayId, itemTags } = await findGateway(em, ref);
      const after = ordinal === undefined ? {} : { ordinal: { $gt: ordinal } };
      const order = { orderBy: { ordinal: 'asc' }, limit: limitOf(query) + 1 } as const;
      const rows = await em.find(StoredItem, { gatewayId, kind, ...after }, order);
      const tagsOf = itemTagger(itemTags);
      return rows.map((row) => ({ row, tags: tagsOf(row) }));
    });
  }
}
