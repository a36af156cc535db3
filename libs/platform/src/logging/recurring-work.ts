import type { Logger } from './logger.js';
import { RecurringFailure } from './recurring-failure.js';

/** When work is repeated. */
export interface Recurrence {
  everyMs: number;
  /** How long `soon()` waits, because others may follow at once; 0 otherwise. */
  afterChangeMs?: number;
}

/** Work that is repeated for ever, one round at a time. Its failures are logged once, and the next round tries again. */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private afterChange: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isNextQueued = false;
  private stopped = true;
  private readonly failure;

  /** @param name what is done, as the subject of a sentence */
  constructor(
    logger: Pick<Logger, 'info' | 'warn'>,
    name: string,
    private readonly round: () => Promise<unknown>,
    private readonly recurrence: Recurrence,
  ) {
    this.failure = new RecurringFailure(logger, name);
  }

  /** Whether it has not been started, or is to end: a long round stops then. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** Begins with a round at once. */
  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => this.now(), this.recurrence.everyMs);
    this.now();
  }

  /** Resolves when the running round has ended, and the one that waits for it. No other one begins. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.afterChange);
    await this.running;
  }

  /** A round a little later: one for all calls until then. */
  soon(): void {
    if (this.stopped) return;
    this.afterChange ??= setTimeout(() => {
      this.afterChange = undefined;
      this.now();
    }, this.recurrence.afterChangeMs ?? 0);
  }

  /** A round now, or after the running one. */
  now(): void {
    if (this.stopped || this.isNextQueued) return;
    this.isNextQueued = true;
    this.running = this.running
      .then(() => {
        this.isNextQueued = false;
        return this.round();
      })
      .then(
        () => this.failure.succeeded(),
        (error: unknown) => this.failure.failed(error),
      );
  }
}
