import { ITEM_KINDS } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'ExposedName',
  tableName: 'exposed_name',
  primaryKeys: ['serverId', 'kind', 'exposed'],
  indexes: [{ name: 'exposed_name_gateway_id_own_index', properties: ['gatewayId', 'own'] }],
  properties: {
    serverId: p.uuid().primary(),
    kind: p.enum(ITEM_KINDS).primary(),
    exposed: p.text().primary(),
    gatewayId: p.uuid(),
    own: p.text(),
    /** An administrator chose it with `as`; otherwise it was made from the item's own name. */
    chosen: p.boolean(),
    /** False when the name is not in use. It still belongs to its item and to no other. */
    current: p.boolean(),
    /** Since when its item is gone although the server would serve it; null otherwise. */
    lostAt: p.datetime(3).nullable(),
  },
});

/** A name that an item was assigned in a virtual server. It never comes to mean another item. */
export class ExposedName extends Schema.class {}
Schema.setClass(ExposedName);
