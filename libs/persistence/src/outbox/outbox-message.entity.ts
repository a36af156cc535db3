import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox_message',
  indexes: [{ name: 'outbox_message_sent_at_seq_index', properties: ['sentAt', 'seq'] }],
  properties: {
    seq: p.bigint('number').primary().autoincrement(false),
    bucket: p.string(),
    key: p.string(),
    value: p.text(),
    createdAt: p.datetime(3),
    sentAt: p.datetime(3).nullable(),
  },
});

/** A snapshot value that waits to be sent. It is written in the transaction of its change. */
export class OutboxMessage extends Schema.class {}
Schema.setClass(OutboxMessage);
