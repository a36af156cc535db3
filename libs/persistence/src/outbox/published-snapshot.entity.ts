import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'PublishedSnapshot',
  tableName: 'published_snapshot',
  primaryKeys: ['bucket', 'key'],
  properties: {
    bucket: p.string().primary(),
    key: p.string().primary(),
    value: p.text(),
    /** A number of the global sequence; null for content-addressed values. */
    revision: p.bigint('number').nullable(),
    updatedAt: p.datetime(3),
  },
});

/** A value that a bucket must contain. A deleted bucket is restored from these rows. */
export class PublishedSnapshot extends Schema.class {}
Schema.setClass(PublishedSnapshot);
