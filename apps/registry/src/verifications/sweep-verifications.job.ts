import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, Metrics, RecurringFailure, Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { StagedPart } from './catalogue-part.entity.js';
import { Verification } from './verification.entity.js';

const KEEP_PARTS_MS = 60 * 60 * 1000;

/** Ends verifications whose deadline has passed: `expired` without a credential, `lost` without a result. */
@Injectable()
export class SweepVerifications {
  private timer: NodeJS.Timeout | undefined;
  private running = Promise.resolve();
  private readonly failure;
  private readonly ended;

  constructor(
    private readonly database: Database,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
    metrics: Metrics,
  ) {
    this.failure = new RecurringFailure(logger, 'The sweep of verifications');
    this.ended = metrics.counter('lethe_verifications_swept_total', 'Verifications whose deadline has passed', [
      'state',
    ]);
  }

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running
        .then(() => this.sweep(new Date()))
        .then(
          () => this.failure.succeeded(),
          (error: unknown) => this.failure.failed(error),
        );
    }, this.settings.sweepMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Runs one round. Replicas may sweep at the same time; each row ends only once. */
  async sweep(now: Date): Promise<void> {
    const overdue = { deadline: { $lt: now } };
    await this.database.read(async (em) => {
      const end = { finishedAt: now, arrived: null };
      const awaiting = { ...overdue, state: 'awaiting_credential' as const };
      const running = { ...overdue, state: 'running' as const };
      this.ended.inc({ state: 'expired' }, await em.nativeUpdate(Verification, awaiting, { ...end, state: 'expired' }));
      this.ended.inc({ state: 'lost' }, await em.nativeUpdate(Verification, running, { ...end, state: 'lost' }));
      await em.nativeDelete(StagedPart, {
        receivedAt: { $lt: new Date(now.getTime() - KEEP_PARTS_MS) },
        vid: { $nin: await this.underReview() },
      });
    });
  }

  private async underReview(): Promise<string[]> {
    const rows = await this.database.read((em) =>
      em.execute<{ review_vid: string }[]>(`select review_vid from gateway where review_vid is not null`),
    );
    return rows.map((row) => row.review_vid);
  }
}
