import { defineEntity, p } from '@mikro-orm/postgresql';
import { CHANGE_KINDS } from '../catalogue/item-content.js';

const Schema = defineEntity({
  name: 'RejectedItem',
  tableName: 'rejected_item',
  primaryKeys: ['gatewayId', 'kind', 'own'],
  properties: {
    gatewayId: p.uuid().primary(),
    kind: p.enum(CHANGE_KINDS).primary(),
    own: p.text().primary(),
    /** Of the definition, or `REMOVAL`. */
    digest: p.string(),
    rejectedAt: p.datetime(3),
  },
});

/** The last definition of an item that an administrator rejected. It is not asked about again until it changes. */
export class RejectedItem extends Schema.class {}
Schema.setClass(RejectedItem);
