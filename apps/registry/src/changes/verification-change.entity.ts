import { defineEntity, p } from '@mikro-orm/postgresql';
import { CHANGE_KINDS } from '../catalogue/item-content.js';

/** What happened to an item. */
export const CHANGES = ['added', 'changed', 'removed'] as const;
/** One of `CHANGES`. */
export type Change = (typeof CHANGES)[number];

/**
 * What became of a change: `served` without a review, `pending` until one, `applied` or `rejected` by one, `superseded` by a
 * newer verification before one.
 */
export const CHANGE_STATUSES = ['served', 'pending', 'applied', 'rejected', 'superseded'] as const;
/** One of `CHANGE_STATUSES`. */
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

const Schema = defineEntity({
  name: 'VerificationChange',
  tableName: 'verification_change',
  primaryKeys: ['vid', 'ordinal'],
  properties: {
    vid: p.uuid().primary(),
    ordinal: p.integer().primary(),
    gatewayId: p.uuid().index('verification_change_gateway_id_index'),
    kind: p.enum(CHANGE_KINDS),
    own: p.text(),
    change: p.enum(CHANGES).$type<Change>(),
    status: p.enum(CHANGE_STATUSES).$type<ChangeStatus>(),
    /** The definitions before and after, in `item_version`. */
    beforeDigest: p.string().nullable(),
    afterDigest: p.string().nullable(),
    decidedAt: p.datetime(3).nullable(),
  },
});

/** One item that a verification found added, changed or removed. */
export class VerificationChange extends Schema.class {}
Schema.setClass(VerificationChange);
