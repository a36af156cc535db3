import type { ItemKind } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import { findGateway } from '../gateways/gateway-rows.js';
import { limitOf, numberOf, type PageQuery } from '../rest/paging.js';
import { StoredItem } from './catalogue-item.entity.js';

/** Reads the catalogues of gateways. */
@Injectable()
export class CatalogueService {
  constructor(private readonly database: Database) {}

  /**
   * Items of one kind, in the upstream's order.
   * @throws LetheError `not_found`
   */
  list(ref: string, kind: ItemKind, query: PageQuery): Promise<StoredItem[]> {
    const ordinal = numberOf(query, 'integer');
    return this.database.read(async (em) => {
      const { id: gatewayId } = await findGateway(em, ref);
      const after = ordinal === undefined ? {} : { ordinal: { $gt: ordinal } };
      const order = { orderBy: { ordinal: 'asc' }, limit: limitOf(query) + 1 } as const;
      return em.find(StoredItem, { gatewayId, kind, ...after }, order);
    });
  }
}
