import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringFailure } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SearchIndex } from './search-index.service.js';

/** After a change, others may follow at once. */
const AFTER_CHANGE_MS = 200;
/** How soon what other registries have changed is found. */
const EVERY_MS = 10_000;

/** Keeps the search index current: after each change in this registry, and every ten seconds. */
@Injectable()
export class KeepSearchIndex {
  private timer: NodeJS.Timeout | undefined;
  private afterChange: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = true;
  private readonly failure;

  constructor(
    private readonly database: Database,
    private readonly index: SearchIndex,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.failure = new RecurringFailure(logger, 'The update of the search index');
  }

  start(): void {
    this.isStopped = false;
    this.timer = setInterval(() => this.again(), EVERY_MS);
    this.database.onCommit(() => this.soon());
    this.again();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    clearTimeout(this.afterChange);
    await this.running;
  }

  private soon(): void {
    if (this.isStopped) return;
    this.afterChange ??= setTimeout(() => {
      this.afterChange = undefined;
      this.again();
    }, AFTER_CHANGE_MS);
  }

  private again(): void {
    this.running = this.running
      .then(() => this.update())
      .then(
        () => this.failure.succeeded(),
        (error: unknown) => this.failure.failed(error),
      );
  }

  private async update(): Promise<void> {
    for (;;) {
      if (this.isStopped) return;
      const step = await this.index.step();
      if (step === 'busy') this.soon();
      if (step !== 'updated') return;
    }
  }
}
