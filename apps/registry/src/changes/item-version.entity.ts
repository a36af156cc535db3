import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ItemContent } from '../catalogue/item-content.js';

const Schema = defineEntity({
  name: 'ItemVersion',
  tableName: 'item_version',
  primaryKeys: ['gatewayId', 'digest'],
  properties: {
    gatewayId: p.uuid().primary(),
    digest: p.string().primary(),
    /** `json`, not `jsonb`, keeps definitions byte for byte. */
    content: p.json<ItemContent>().columnType('json'),
  },
});

/** A definition that a gateway's upstream has or had, stored once however often it appears in changes. Only shown, never served. */
export class ItemVersion extends Schema.class {}
Schema.setClass(ItemVersion);
