import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringWork } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { KEPT_CALLS } from './seen-call.entity.js';
import { STEPS } from './steps.js';

const EVERY_MS = 60_000;
const HOUR_MS = 60 * 60_000;

/** Deletes counts and calls that are no longer shown, so that both are bounded. */
@Injectable()
export class ForgetActivity {
  private readonly rounds;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    const round = (): Promise<void> => this.forget(new Date());
    this.rounds = new RecurringWork(logger, 'The deletion of old activity', round, { everyMs: EVERY_MS });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Runs one round; it writes nothing where nothing is old. Replicas may run at the same time. */
  forget(now: Date): Promise<void> {
    return this.database.read((em) => deleteOld(em, now));
  }
}

async function deleteOld(em: EntityManager, now: Date): Promise<void> {
  const before = (ms: number): string => new Date(now.getTime() - ms).toISOString();
  for (const { stepSeconds, keptMs } of Object.values(STEPS)) {
    await em.execute(`delete from activity_count where step = ? and began_at < ?::timestamptz`, [
      stepSeconds,
      before(keptMs),
    ]);
  }
  await em.execute(`delete from activity_source where heard_at < ?::timestamptz`, [before(HOUR_MS)]);
  await em.execute(`delete from seen_call where ended_at < ?::timestamptz`, [before(KEPT_CALLS.hours * HOUR_MS)]);
  await em.execute(
    `delete from seen_call where (ended_at, id) <
      (select ended_at, id from seen_call order by ended_at desc, id desc offset ? limit 1)`,
    [KEPT_CALLS.count - 1],
  );
}
