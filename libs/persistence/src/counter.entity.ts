import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'Counter',
  tableName: 'counter',
  properties: { name: p.string().primary(), value: p.bigint('number') },
});

/** A number that increases in commit order: its row stays locked until the transaction that changed it ends. */
export class Counter extends Schema.class {}
Schema.setClass(Counter);
