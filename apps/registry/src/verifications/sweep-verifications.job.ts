import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, Metrics, RecurringWork, Settings } from '@lethe/platform';
import { LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { StagedPart } from './catalogue-part.entity.js';
import { Verification } from './verification.entity.js';

const IS_OPEN = { state: { $in: ['awaiting_credential' as const, 'running' as const] } };
const KEEP_PARTS_MS = 60 * 60 * 1000;

/** Ends verifications whose deadline has passed: `expired` without a credential, `lost` without a result. */
@Injectable()
export class SweepVerifications {
  private readonly rounds;
  private readonly ended;

  constructor(
    private readonly database: Database,
    @Inject(Settings) settings: Settings,
    @Inject(LOGGER) logger: Logger,
    metrics: Metrics,
  ) {
    const round = (): Promise<void> => this.sweep(new Date());
    this.rounds = new RecurringWork(logger, 'The sweep of verifications', round, { everyMs: settings.sweepMs });
    this.ended = metrics.counter('lethe_verifications_swept_total', 'Verifications whose deadline has passed', [
      'state',
    ]);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Runs one round. Replicas may sweep at the same time; each row ends only once. */
  async sweep(now: Date): Promise<void> {
    const overdue = await this.database.read((em) => em.find(Verification, { ...IS_OPEN, deadline: { $lt: now } }));
    for (const { id } of overdue) await this.end(id, now);
    await this.database.read(async (em) => {
      await em.nativeDelete(StagedPart, {
        receivedAt: { $lt: new Date(now.getTime() - KEEP_PARTS_MS) },
        vid: { $nin: await this.underReview() },
      });
    });
  }

  /** One transaction each: each has an entry in the audit log, with who has opened it. */
  private async end(id: string, now: Date): Promise<void> {
    const state = await this.database.transaction(async (em) => {
      const isOverdue = { id, ...IS_OPEN, deadline: { $lt: now } };
      const row = await em.findOne(Verification, isOverdue, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (row === null) return undefined;
      em.assign(row, { finishedAt: now, arrived: null, state: row.state === 'running' ? 'lost' : 'expired' });
      return row.state;
    });
    if (state !== undefined) this.ended.inc({ state });
  }

  private async underReview(): Promise<string[]> {
    const rows = await this.database.read((em) =>
      em.execute<{ review_vid: string }[]>(`select review_vid from gateway where review_vid is not null`),
    );
    return rows.map((row) => row.review_vid);
  }
}
