import { Database } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { ActivityQuery } from './activity.dto.js';
import type { ActivityPointView, ActivityView, LimitedCountView } from './activity.view.js';
import { OpenStreamCounts } from './open-stream-counts.service.js';
import { type ActivityWindow, beginOfWindow, STEPS } from './steps.js';

/** Members of one list; a page shows no more. */
const MAX_MEMBERS = 100;

/** Sums of the rows that have one value of one column. */
interface Sums {
  by: 'began_at' | 'outcome' | 'method' | 'server' | 'gateway';
  value: string;
  calls: string;
  errors: string;
  seconds: number;
}

const WHERE = `step = ? and began_at >= ?::timestamptz and (?::text is null or server = ?) and (?::text is null or gateway = ?)`;

/** All sums of a window by one pass over its rows. */
const SUMS = `
  select case when grouping(began_at) = 0 then 'began_at' when grouping(outcome) = 0 then 'outcome'
      when grouping(method) = 0 then 'method' when grouping(server) = 0 then 'server' else 'gateway' end as by,
    coalesce((extract(epoch from began_at) * 1000)::bigint::text, outcome, method, server, gateway) as value,
    sum(calls) as calls, coalesce(sum(calls) filter (where outcome not in ('ok', 'client_gone')), 0) as errors,
    sum(seconds) as seconds
  from activity_count where ${WHERE}
  group by grouping sets ((began_at), (outcome), (method), (server), (gateway)) order by sum(calls) desc, value`;

const LIMITED = `select refused_by as "limit", gateway, server, sum(calls) as calls from activity_count
  where ${WHERE} and refused_by <> '' group by refused_by, gateway, server
  order by sum(calls) desc, refused_by, gateway, server limit ${MAX_MEMBERS}`;

/** Reads how calls ended lately. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly database: Database,
    private readonly streams: OpenStreamCounts,
  ) {}

  async view(query: ActivityQuery, now: Date): Promise<ActivityView> {
    const { window = 'hour', server = null, gateway = null } = query;
    const { stepSeconds, points } = STEPS[window];
    const from = beginOfWindow(now, window);
    const values = [stepSeconds, from.toISOString(), server, server, gateway, gateway];
    const { sums, limited } = await this.database.read((em) => read(em, values));
    const of = (by: Sums['by']): Sums[] => sums.filter((row) => row.by === by && row.value !== '');
    const members = (by: Sums['by']): Sums[] => of(by).slice(0, MAX_MEMBERS);
    return {
      from: from.toISOString(),
      to: new Date(from.getTime() + points * stepSeconds * 1000).toISOString(),
      stepSeconds,
      points: pointsOf(of('began_at'), from, window),
      outcomes: members('outcome').map(({ value, calls }) => ({ outcome: value, calls: Number(calls) })),
      methods: members('method').map((row) => ({ method: row.value, ...totals(row) })),
      servers: members('server').map((row) => ({ slug: row.value, ...totals(row) })),
      gateways: members('gateway').map((row) => ({ slug: row.value, ...totals(row) })),
      limited,
      streams: this.streams.byKind(),
    };
  }
}

async function read(em: EntityManager, values: unknown[]): Promise<{ sums: Sums[]; limited: LimitedCountView[] }> {
  const sums = await em.execute<Sums[]>(SUMS, values);
  const limited = await em.execute<(Omit<LimitedCountView, 'calls'> & { calls: string })[]>(LIMITED, values);
  return { sums, limited: limited.map((row) => ({ ...row, calls: Number(row.calls) })) };
}

function totals({ calls, errors, seconds }: Sums): { calls: number; errors: number; meanMs: number } {
  const meanMs = Math.round((seconds / Number(calls)) * 100_000) / 100;
  return { calls: Number(calls), errors: Number(errors), meanMs };
}

/** One point for each step, also where nothing was counted. */
function pointsOf(rows: Sums[], from: Date, window: ActivityWindow): ActivityPointView[] {
  const { stepSeconds, points } = STEPS[window];
  const byTime = new Map(rows.map((row) => [Number(row.value), row]));
  return Array.from({ length: points }, (_, index) => {
    const at = from.getTime() + index * stepSeconds * 1000;
    const row = byTime.get(at);
    return { at: new Date(at).toISOString(), calls: Number(row?.calls ?? 0), errors: Number(row?.errors ?? 0) };
  });
}
