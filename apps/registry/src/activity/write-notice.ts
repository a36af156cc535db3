import { type CallsSeen, SEEN_OTHER } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { beginOfStep, STEPS } from './steps.js';

/** Rows of one step; what has no row then is counted under the name `(other)`. */
export const MAX_ROWS_PER_STEP = 500;
/** A call of a notice ended at most so long before it: proxies report every five seconds. */
const MAX_AGE_MS = 60_000;

/** What tells rows of counts apart. Rows are written in this order by every registry, so that none waits for another in a ring. */
const KEY = 'step, began_at, server, gateway, method, outcome, refused_by';

/**
 * One statement, so that a notice is counted completely or not at all. Every registry hears it: the first one to raise the
 * number of the proxy counts it, and the others find nothing to do.
 */
const WRITE = `
  with claimed as (
    insert into activity_source (proxy, number, heard_at) values (?, ?, ?::timestamptz)
    on conflict (proxy) do update set number = excluded.number, heard_at = excluded.heard_at
      where activity_source.number < excluded.number
    returning proxy
  ), step as (
    select s.step, s.began_at, (select count(*) from activity_count c where c.step = s.step and c.began_at = s.began_at) as used
    from claimed, (values (?::int, ?::timestamptz), (?::int, ?::timestamptz)) as s (step, began_at)
  ), told as (
    select step.*, t.server, t.gateway, t.method, t.outcome, t."limit" as refused_by, t.calls, t.seconds, exists (
        select 1 from activity_count c where (c.step, c.began_at, c.server, c.gateway, c.method, c.outcome, c.refused_by)
          = (step.step, step.began_at, t.server, t.gateway, t.method, t.outcome, t."limit")) as is_known
    from step, jsonb_to_recordset(?::jsonb) as t
      (server text, gateway text, method text, outcome text, "limit" text, calls bigint, seconds double precision)
  ), placed as (
    select *, not is_known
      and used + row_number() over (partition by step, is_known order by calls desc) > ${MAX_ROWS_PER_STEP} as is_other
    from told
  ), named as (
    select step, began_at, case when is_other then '${SEEN_OTHER}' else server end as server,
      case when is_other then '${SEEN_OTHER}' else gateway end as gateway,
      case when is_other then '${SEEN_OTHER}' else method end as method, outcome, refused_by, calls, seconds
    from placed
  ), counted as (
    insert into activity_count (${KEY}, calls, seconds)
    select ${KEY}, sum(calls), sum(seconds) from named group by ${KEY} order by ${KEY}
    on conflict (${KEY}) do update
      set calls = activity_count.calls + excluded.calls, seconds = activity_count.seconds + excluded.seconds
  )
  insert into seen_call
    (ended_at, server, gateway, method, item, caller, client, outcome, refused_by, duration_ms)
  select ?::timestamptz - least(c."ageMs", ${MAX_AGE_MS}) * interval '1 millisecond',
    c.server, c.gateway, c.method, c.item, c.caller, c.client, c.outcome, c."limit", c."durationMs"
  from claimed, jsonb_to_recordset(?::jsonb) as c
    (server text, gateway text, method text, item text, caller text, client text, outcome text, "limit" text,
      "ageMs" double precision, "durationMs" double precision)`;

/**
 * Adds a notice to the counts and to the last calls, unless a registry has done so.
 * @param heardAt by the clock of this registry: clocks of proxies are not asked
 */
export async function writeNotice(em: EntityManager, notice: CallsSeen, heardAt: Date): Promise<void> {
  const { proxy, number, counts, calls } = notice;
  const at = heardAt.toISOString();
  const begins = Object.values(STEPS).flatMap(({ stepSeconds }) => [
    stepSeconds,
    beginOfStep(heardAt, stepSeconds).toISOString(),
  ]);
  await em.execute(WRITE, [proxy, number, at, ...begins, JSON.stringify(counts), at, JSON.stringify(calls)]);
}
