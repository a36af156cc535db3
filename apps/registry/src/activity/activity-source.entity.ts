import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'ActivitySource',
  tableName: 'activity_source',
  properties: {
    /** Id of the replica. */
    proxy: p.text().primary(),
    /** Of its newest notice that is counted. */
    number: p.integer(),
    heardAt: p.datetime(3),
  },
});

/** Which notices of a proxy are counted: every registry hears them all, and one counts each. */
export class ActivitySource extends Schema.class {}
Schema.setClass(ActivitySource);
