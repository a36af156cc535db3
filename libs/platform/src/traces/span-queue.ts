import { sleep } from '../async.js';
import type { Logger } from '../logging/logger.js';
import type { OtlpClient, Refusal } from './otlp-client.js';
import type { TraceSettings } from './trace-settings.js';

/** Counts what became of spans. */
export interface SpanCounts {
  sent(spans: number): void;
  dropped(why: 'queue_full' | 'refused' | 'unreachable', spans: number): void;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** How long the end of a service waits for its last spans. */
const CLOSE_MS = 2_000;

/** Spans that wait to be sent, in batches, one request at a time. Adding one never waits: what is too much is dropped. */
export class SpanQueue {
  private waiting: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private isTold = false;
  /** The end of the service has begun: nothing is tried again. */
  private readonly closing = new AbortController();
  /** Its end can't wait longer. */
  private readonly closed = new AbortController();

  constructor(
    private readonly client: OtlpClient,
    private readonly limits: Pick<TraceSettings, 'delayMs' | 'queued' | 'perBatch' | 'batchTimeoutMs'>,
    private readonly counts: SpanCounts,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  add(span: string): void {
    if (this.waiting.length >= this.limits.queued) return this.counts.dropped('queue_full', 1);
    const count = this.waiting.push(span);
    if (count >= this.limits.perBatch) this.sendNow();
    else this.timer ??= setTimeout(() => this.sendNow(), this.limits.delayMs).unref();
  }

  /** Sends what waits while there is time. */
  async close(): Promise<void> {
    this.closing.abort();
    const late = setTimeout(() => this.closed.abort(), CLOSE_MS);
    for (this.sendNow(); this.sending; this.sendNow()) await this.sending;
    clearTimeout(late);
  }

  private sendNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sending || this.waiting.length === 0) return;
    this.sending = this.send(this.take()).then(() => {
      this.sending = undefined;
      if (this.waiting.length >= this.limits.perBatch) this.sendNow();
      else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.sendNow(), this.limits.delayMs).unref();
    });
  }

  private take(): string[] {
    const { perBatch } = this.limits;
    if (this.waiting.length <= perBatch) {
      const all = this.waiting;
      this.waiting = [];
      return all;
    }
    return this.waiting.splice(0, perBatch);
  }

  /** Tries a batch until it is accepted or refused, or its time is over. */
  private async send(batch: readonly string[]): Promise<void> {
    const overAt = performance.now() + this.limits.batchTimeoutMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const answer = await this.client.send(batch, this.closed.signal);
      if (answer.kind === 'accepted') return this.accepted(batch.length, answer.rejected);
      this.tell(answer);
      const waitMs = answer.waitMs ?? pauseMs;
      const isOver = this.closing.signal.aborted || performance.now() + waitMs > overAt;
      if (answer.kind === 'refused' || isOver) return this.counts.dropped(answer.kind, batch.length);
      await sleep(waitMs, { ref: false, signal: this.closing.signal });
    }
  }

  private accepted(count: number, rejected: number): void {
    this.counts.sent(count - rejected);
    if (rejected > 0) this.counts.dropped('refused', rejected);
    if (this.isTold) this.logger.info('Traces are sent again');
    this.isTold = false;
  }

  /** One line when it begins to fail: there may be thousands of spans a second. */
  private tell({ kind, code }: Refusal): void {
    if (!this.isTold) this.logger.warn({ reason: kind, code }, 'Traces can not be sent');
    this.isTold = true;
  }
}
