import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringWork } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SearchIndex } from './search-index.service.js';

/** After a change, others may follow at once. */
const AFTER_CHANGE_MS = 200;
/** How soon what other registries have changed is found. */
const EVERY_MS = 10_000;

/** Keeps the search index current: after each change in this registry, and every ten seconds. */
@Injectable()
export class KeepSearchIndex {
  private readonly rounds;

  constructor(
    private readonly database: Database,
    private readonly index: SearchIndex,
    @Inject(LOGGER) logger: Logger,
  ) {
    const recurrence = { everyMs: EVERY_MS, afterChangeMs: AFTER_CHANGE_MS };
    this.rounds = new RecurringWork(logger, 'The update of the search index', () => this.update(), recurrence);
  }

  start(): void {
    this.database.onCommit(() => this.rounds.soon());
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async update(): Promise<void> {
    while (!this.rounds.isStopped) {
      const step = await this.index.step();
      if (step === 'busy') this.rounds.soon();
      if (step !== 'updated') return;
    }
  }
}
