import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringFailure } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';

/** How soon what another registry has recorded is noticed. */
const POLL_MS = 500;

/**
 * The number of the last entry of the audit log, for all streams of this registry: one query each half second while there is a
 * stream, and one after each change here. Asking works with several registries, with the embedded database, through poolers,
 * and after a connection that broke; a notification by PostgreSQL does not.
 */
@Injectable()
export class EventHead {
  private seq = 0;
  private readonly waiting = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private asking: Promise<void> | undefined;
  private readonly failure;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.failure = new RecurringFailure(logger, 'The reading of events');
    database.onCommit(() => void this.look());
  }

  /** @throws LetheError `database_unavailable` */
  async now(): Promise<number> {
    await this.ask();
    return this.seq;
  }

  /** Resolves with the last number once it is beyond `seq`, or with `seq` after `timeoutMs` or when the signal aborts. */
  async beyond(seq: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    if (this.seq > seq || signal.aborted) return Math.max(this.seq, seq);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      if (this.seq > seq) resolve(undefined);
    };
    const end = (): void => resolve(undefined);
    const timeout = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end);
    this.waiting.add(wake);
    this.timer ??= setInterval(() => void this.look(), POLL_MS);
    await promise;
    clearTimeout(timeout);
    // A stream waits with the same signal for as long as it lives.
    signal.removeEventListener('abort', end);
    this.waiting.delete(wake);
    return Math.max(this.seq, seq);
  }

  /** Ends the polling once nobody waits for the second time in a row: a stream that writes waits again soon. */
  private async look(): Promise<void> {
    if (this.waiting.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    try {
      await this.ask();
      this.failure.succeeded();
    } catch (error) {
      this.failure.failed(error);
    }
  }

  private ask(): Promise<void> {
    this.asking ??= this.read().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async read(): Promise<void> {
    const [row] = await this.database.read((em) =>
      em.execute<{ seq: string | null }[]>(`select max(seq) as seq from audit_entry`),
    );
    this.seq = Number(row?.seq ?? 0);
    for (const wake of this.waiting) wake();
  }
}
