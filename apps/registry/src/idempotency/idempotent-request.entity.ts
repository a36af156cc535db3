import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'IdempotentRequest',
  tableName: 'idempotent_request',
  properties: {
    administrator: p.string().primary(),
    key: p.string().primary(),
    createdAt: p.datetime(3),
  },
});

/** A keyed request that a registry of 0.1.0 handled. Its key is stored as it came, so these rows are only deleted. */
export class IdempotentRequest extends Schema.class {}
Schema.setClass(IdempotentRequest);
