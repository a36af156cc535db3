import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'ActivityCount',
  tableName: 'activity_count',
  primaryKeys: ['step', 'beganAt', 'server', 'gateway', 'method', 'outcome', 'refusedBy'],
  properties: {
    /** How long it counts, in seconds. */
    step: p.integer().primary(),
    beganAt: p.datetime(3).primary(),
    /** Slug, as the proxy told it: the server may be deleted. */
    server: p.text().primary(),
    gateway: p.text().primary(),
    method: p.text().primary(),
    outcome: p.text().primary(),
    /** The limit that has refused the calls; empty if none has. */
    refusedBy: p.text().primary(),
    calls: p.bigint('number'),
    seconds: p.double().$type<number>(),
  },
});

/** How many calls ended with an outcome, in a minute or in a quarter of an hour. */
export class ActivityCount extends Schema.class {}
Schema.setClass(ActivityCount);
