import { defineEntity, p } from '@mikro-orm/postgresql';

/** How many of the last calls are kept, and for how long. */
export const KEPT_CALLS = { count: 2_000, hours: 24 } as const;

const Schema = defineEntity({
  name: 'SeenCall',
  tableName: 'seen_call',
  indexes: [{ name: 'seen_call_ended_at_id_index', properties: ['endedAt', 'id'] }],
  properties: {
    id: p.bigint('number').primary(),
    /** By the clock of the registry. */
    endedAt: p.datetime(3),
    server: p.text(),
    gateway: p.text(),
    method: p.text(),
    item: p.text(),
    caller: p.text(),
    client: p.text(),
    outcome: p.text(),
    refusedBy: p.text(),
    durationMs: p.double().$type<number>(),
  },
});

/** One of the last calls, as a proxy told of it. */
export class SeenCall extends Schema.class {}
Schema.setClass(SeenCall);
