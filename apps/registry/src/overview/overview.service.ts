import { Database } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { OverviewView } from './overview.view.js';

/** What ends in this time is shown. */
const ENDS_SOON = '30 days';
const MAX_ENDING = 20;

const GATEWAYS = `
  select count(*)::int as total, count(g.serving_vid)::int as verified, (count(*) - count(g.serving_vid))::int as unverified,
    count(*) filter (where not g.enabled)::int as off, count(v.review)::int as pending,
    count(g.drift_suspected_at)::int as suspected
  from gateway g left join verification v on v.id = g.review_vid where g.deleted_at is null`;

const SERVERS = `
  select count(*)::int as total, count(*) filter (where enabled and exists (
    select 1 from exposed_name e where e.server_id = s.id and e.current))::int as published
  from virtual_server s where deleted_at is null`;

// As `hasKeyEnded` has it.
const KEYS = `
  select id, name, "endsAt", count(*) over ()::int as active, count(*) filter (where soon) over ()::int as ending from (
    select id, name, ends as "endsAt", coalesce(ends <= now() + interval '${ENDS_SOON}', false) as soon from (
      select id, name, date_trunc('second', least(expires_at, ends_at)) as ends from caller_key where revoked_at is null
    ) k where ends is null or ends > now()
  ) k order by "endsAt" nulls last, id limit ${MAX_ENDING}`;

const KEPT = `
  select gateway, "endsAt", count(*) over ()::int as active, count(*) filter (where soon) over ()::int as ending from (
    select g.slug as gateway, k.expires_at as "endsAt", k.expires_at <= now() + interval '${ENDS_SOON}' as soon
    from gateway g join kept_credential k on k.gateway_id = g.id
    where g.deleted_at is null and k.sealed is not null and k.config_revision = g.current_revision and k.expires_at > now()
  ) k order by "endsAt", gateway limit ${MAX_ENDING}`;

const CALLED = `
  select exists (select 1 from caller_key where last_used_at is not null)
    or exists (select 1 from activity_count where outcome = 'ok' and gateway <> '') as called`;

/** A row with what it is one of: how many there are, and how many end soon. */
type Ending<T> = T & { endsAt: string | Date | null; active: number; ending: number };

/** Reads what the first screen shows, however much there is. */
@Injectable()
export class OverviewService {
  constructor(private readonly database: Database) {}

  view(): Promise<OverviewView> {
    return this.database.read(async (em) => {
      const gateways = await only<OverviewView['gateways']>(em, GATEWAYS);
      const servers = await only<OverviewView['servers']>(em, SERVERS);
      const keys = await em.execute<Ending<{ id: string; name: string }>[]>(KEYS);
      const kept = await em.execute<Ending<{ gateway: string }>[]>(KEPT);
      const { called } = await only<{ called: boolean }>(em, CALLED);
      return {
        gateways,
        servers,
        keys: {
          active: keys[0]?.active ?? 0,
          endingCount: keys[0]?.ending ?? 0,
          ending: soon(keys).map(({ row: { id, name }, endsAt }) => ({ id, name, endsAt })),
        },
        kept: {
          usable: kept[0]?.active ?? 0,
          endingCount: kept[0]?.ending ?? 0,
          ending: soon(kept).map(({ row: { gateway }, endsAt }) => ({ gateway, endsAt })),
        },
        wasCalled: called,
      };
    });
  }
}

async function only<T extends object>(em: EntityManager, sql: string): Promise<T> {
  const [row] = await em.execute<T[]>(sql);
  if (row === undefined) throw new Error('A query of counts has no row');
  return row;
}

/** Those that end soon; they are in front. */
function soon<T extends object>(rows: readonly Ending<T>[]): { row: T; endsAt: string }[] {
  return rows
    .slice(0, rows[0]?.ending ?? 0)
    .flatMap((row) => (row.endsAt === null ? [] : [{ row, endsAt: new Date(row.endsAt).toISOString() }]));
}
