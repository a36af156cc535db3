import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringWork } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';

/** How many verifications of a gateway are kept, and for how long. */
export const KEPT_VERIFICATIONS = { perGateway: 50, days: 90 } as const;

const EVERY_MS = 60 * 60 * 1000;
/** Verifications that one statement deletes at most: it holds its rows until its end. */
const BATCH = 500;

/** Ended verifications that are too old, or have too many after them: never one that serves or is under review, nor the last. */
const FORGETTABLE = `
  select v.id, v.gateway_id from gateway g join (
    select id, gateway_id, attempt, finished_at, created_at,
        row_number() over (partition by gateway_id order by attempt desc) as n
      from verification
  ) v on v.gateway_id = g.id
  where (n > ? or v.created_at < ?) and v.finished_at is not null and v.attempt < g.last_attempt
    and v.id is distinct from g.serving_vid and v.id is distinct from g.review_vid
  limit ?`;

/** Deletes old verifications with what they changed, so that a gateway's history is bounded. */
@Injectable()
export class ForgetVerifications {
  private readonly rounds;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    const round = (): Promise<void> => this.forget(new Date());
    this.rounds = new RecurringWork(logger, 'The deletion of old verifications', round, { everyMs: EVERY_MS });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Runs one round. Replicas may run at the same time. */
  async forget(now: Date): Promise<void> {
    const oldest = new Date(now.getTime() - KEPT_VERIFICATIONS.days * 24 * 60 * 60 * 1000);
    for (;;) {
      const deleted = await this.database.transaction((em) => deleteBatch(em, oldest));
      if (deleted < BATCH) return;
    }
  }
}

async function deleteBatch(em: EntityManager, oldest: Date): Promise<number> {
  const rows = await em.execute<{ id: string; gateway_id: string }[]>(FORGETTABLE, [
    KEPT_VERIFICATIONS.perGateway,
    oldest,
    BATCH,
  ]);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  for (const [table, column] of [
    ['verification_change', 'vid'],
    ['catalogue_part', 'vid'],
    ['verification', 'id'],
  ] as const) {
    await em.execute(`delete from ${table} where ${column} in (?)`, [ids]);
  }
  const gateways = [...new Set(rows.map(({ gateway_id: gatewayId }) => gatewayId))];
  const unused = (column: string): string => `not exists (
    select 1 from verification_change c where c.gateway_id = v.gateway_id and c.${column} = v.digest)`;
  const orphans = `delete from item_version v
    where v.gateway_id in (?) and ${unused('before_digest')} and ${unused('after_digest')}`;
  await em.execute(orphans, [gateways]);
  return rows.length;
}
