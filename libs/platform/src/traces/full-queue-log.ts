import type { Logger } from '../logging/logger.js';

/** It is over when no span was dropped for so long; a shorter time would tell each gap under a steady load. */
const QUIET_MS = 30_000;

/** Tells when a queue of spans begins to be too full and when that is over: two lines, however many spans are dropped. */
export class FullQueueLog {
  private dropped = 0;
  private seen = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly logger: Pick<Logger, 'info' | 'warn'>) {}

  /** A span was dropped. */
  record(): void {
    this.dropped += 1;
    if (this.timer) return;
    this.logger.warn({ reason: 'queue_full' }, 'Spans are dropped: more come than the collector takes');
    this.timer = setInterval(() => this.look(), QUIET_MS).unref();
  }

  /** Tells how many were dropped, if any were. */
  end(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.logger.info({ reason: 'queue_full', count: this.dropped }, 'Spans are no longer dropped');
    this.dropped = 0;
    this.seen = 0;
  }

  private look(): void {
    if (this.dropped === this.seen) this.end();
    else this.seen = this.dropped;
  }
}
