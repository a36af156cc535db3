import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'Lease',
  tableName: 'lease',
  properties: { name: p.string().primary(), holder: p.string(), expiresAt: p.datetime(3) },
});

/** The holder of a job that only one replica may do at a time. */
export class Lease extends Schema.class {}
Schema.setClass(Lease);
