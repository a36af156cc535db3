import { type ConditionalCapability, ITEM_KINDS, type JsonObject } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'StoredItem',
  tableName: 'catalogue_item',
  primaryKeys: ['gatewayId', 'ordinal'],
  properties: {
    gatewayId: p.uuid().primary(),
    /** Position in the upstream's list. */
    ordinal: p.integer().primary(),
    kind: p.enum(ITEM_KINDS),
    own: p.text(),
    /** `json`, not `jsonb`, keeps definitions byte for byte. */
    definition: p.json<JsonObject>().columnType('json'),
    legacyDefinition: p.json<JsonObject>().columnType('json').nullable(),
    onlyIn: p.enum(['legacy', 'modern'] as const).nullable(),
    needs: p.json<ConditionalCapability[]>().nullable(),
    /** The upstream no longer lists it, and that was not reviewed yet. */
    stale: p.boolean(),
  },
});

/** An item of a gateway's current catalogue. */
export class StoredItem extends Schema.class {}
Schema.setClass(StoredItem);
