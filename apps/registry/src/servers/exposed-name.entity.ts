import { ITEM_KINDS } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'ExposedName',
  tableName: 'exposed_name',
  primaryKeys: ['serverId', 'kind', 'exposed'],
  properties: {
    serverId: p.uuid().primary(),
    kind: p.enum(ITEM_KINDS).primary(),
    exposed: p.text().primary(),
    gatewayId: p.uuid(),
    own: p.text(),
    /** Asked for by `as`; the others follow from the item. */
    chosen: p.boolean(),
    /** False: a tombstone. The name still belongs to its item and to no other. */
    current: p.boolean(),
  },
});

/** A name that an item was once given in a virtual server; it never means something else. */
export class ExposedName extends Schema.class {}
Schema.setClass(ExposedName);
