import { ITEM_KINDS, type JsonObject } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'StoredItem',
  tableName: 'catalogue_item',
  primaryKeys: ['gatewayId', 'ordinal'],
  properties: {
    gatewayId: p.uuid().primary(),
    /** Place in the upstream's order. */
    ordinal: p.integer().primary(),
    kind: p.enum(ITEM_KINDS),
    own: p.text(),
    /** `json`, not `jsonb`: definitions stay verbatim. */
    definition: p.json<JsonObject>().columnType('json'),
    /** The upstream no longer lists it; it waits for a review. */
    stale: p.boolean(),
  },
});

/** An item of a gateway's current catalogue. */
export class StoredItem extends Schema.class {}
Schema.setClass(StoredItem);
