import { sleep } from '../async.js';
import type { Logger } from '../logging/logger.js';
import { FullQueueLog } from './full-queue-log.js';
import type { OtlpClient, Refusal } from './otlp-client.js';
import { SpanBatch } from './span-batch.js';
import type { SpanClock } from './span-clock.js';
import type { TraceSettings } from './trace-settings.js';
import type { Span, SpanEnd, SpanForm, SpanTimes } from './tracer.js';

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
  /** The last one is being filled. */
  private readonly waiting: SpanBatch[] = [];
  private count = 0;
  /** One that was sent, to be filled again. */
  private spare: SpanBatch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private isTold = false;
  private readonly full: FullQueueLog;
  /** The end of the service has begun: nothing is tried again. */
  private readonly closing = new AbortController();
  /** Its end can't wait longer. */
  private readonly closed = new AbortController();

  constructor(
    private readonly client: Pick<OtlpClient, 'head' | 'send'>,
    private readonly limits: Pick<TraceSettings, 'delayMs' | 'queued' | 'perBatch' | 'batchTimeoutMs'>,
    private readonly clock: SpanClock,
    private readonly counts: SpanCounts,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.full = new FullQueueLog(logger);
  }

  add(span: Span, form: SpanForm, end: SpanEnd | undefined, times: SpanTimes): void {
    if (this.count >= this.limits.queued) return this.drop();
    const batch = this.filling();
    batch.add(span, form, end, times);
    this.count += 1;
    if (batch.count >= this.limits.perBatch) this.sendNow();
    else this.timer ??= setTimeout(() => this.sendNow(), this.limits.delayMs).unref();
  }

  /** Sends what waits while there is time. */
  async close(): Promise<void> {
    this.closing.abort();
    const late = setTimeout(() => this.closed.abort(), CLOSE_MS);
    for (this.sendNow(); this.sending; this.sendNow()) await this.sending;
    clearTimeout(late);
    this.full.end();
  }

  private drop(): void {
    this.counts.dropped('queue_full', 1);
    this.full.record();
  }

  private filling(): SpanBatch {
    const last = this.waiting.at(-1);
    if (last && last.count < this.limits.perBatch) return last;
    const next = this.spare ?? new SpanBatch(this.client.head, this.limits.perBatch, this.clock);
    this.spare = undefined;
    this.waiting.push(next);
    return next;
  }

  private sendNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sending) return;
    const batch = this.waiting.shift();
    if (!batch) return;
    this.count -= batch.count;
    this.sending = this.send(batch).then((isWritten) => {
      this.sending = undefined;
      if (isWritten) this.reuse(batch);
      const next = this.waiting[0];
      if (next && next.count >= this.limits.perBatch) this.sendNow();
      else if (next) this.timer ??= setTimeout(() => this.sendNow(), this.limits.delayMs).unref();
    });
  }

  private reuse(batch: SpanBatch): void {
    batch.clear();
    this.spare = batch;
  }

  /**
   * Tries a batch until it is accepted or refused, or its time is over.
   * @returns whether its bytes may be written over
   */
  private async send(batch: SpanBatch): Promise<boolean> {
    const overAt = performance.now() + this.limits.batchTimeoutMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const { answer, isWritten } = await this.client.send(batch, this.closed.signal);
      if (answer.kind === 'accepted') {
        this.accepted(batch.count, answer.rejected);
        return isWritten;
      }
      this.tell(answer);
      const waitMs = answer.waitMs ?? pauseMs;
      const isOver = this.closing.signal.aborted || performance.now() + waitMs > overAt;
      if (answer.kind === 'refused' || isOver) {
        this.counts.dropped(answer.kind, batch.count);
        return isWritten;
      }
      await sleep(waitMs, { ref: false, signal: this.closing.signal });
    }
  }

  private accepted(count: number, rejected: number): void {
    const refused = Math.min(rejected, count);
    this.counts.sent(count - refused);
    if (refused > 0) this.counts.dropped('refused', refused);
    if (this.isTold) this.logger.info('Traces are sent again');
    this.isTold = false;
  }

  /** One line when it begins to fail: there may be thousands of spans a second. */
  private tell({ kind, code }: Refusal): void {
    if (!this.isTold) this.logger.warn({ reason: kind, code }, 'Traces can not be sent');
    this.isTold = true;
  }
}
