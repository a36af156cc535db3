import type { CallsSeen } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringWork } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { writeNotice } from './write-notice.js';

/** Proxies tell at about the same time. */
const AFTER_NOTICE_MS = 250;
const EVERY_MS = 5_000;
/** While the database is away. What is older would be counted in the wrong place of a plot for too long. */
const KEPT_MS = 5 * 60_000;
const MAX_WAITING = 200;

interface Waiting {
  notice: CallsSeen;
  heardAt: Date;
}

/**
 * Writes down what proxies tell of calls, and nothing while they tell nothing. Not by entities, so that the audit log has no
 * entry for it.
 */
@Injectable()
export class RecordCalls {
  private waiting: Waiting[] = [];
  private readonly rounds;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    const recurrence = { everyMs: EVERY_MS, afterChangeMs: AFTER_NOTICE_MS };
    this.rounds = new RecurringWork(logger, 'The record of calls', () => this.write(), recurrence);
  }

  start(): void {
    this.rounds.start();
  }

  /** Writes what was heard until then. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await this.write().catch(() => undefined);
  }

  hear(notice: CallsSeen, heardAt = new Date()): void {
    if (notice.counts.length === 0 && notice.calls.length === 0) return;
    this.waiting.push({ notice, heardAt });
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
    this.rounds.soon();
  }

  /** What fails waits for the next round, and does not hold up what comes after it. */
  private async write(now = new Date()): Promise<void> {
    const due = this.waiting.filter(({ heardAt }) => now.getTime() - heardAt.getTime() < KEPT_MS);
    this.waiting = [];
    const failed: { each: Waiting; error: unknown }[] = [];
    for (const each of due) {
      await this.database
        .read((em) => writeNotice(em, each.notice, each.heardAt))
        .catch((error: unknown) => failed.push({ each, error }));
    }
    this.waiting = [...failed.map(({ each }) => each), ...this.waiting].slice(-MAX_WAITING);
    if (failed[0]) throw failed[0].error;
  }
}
