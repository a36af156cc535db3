import { CallsSeen, type SeenStreams } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';
import { SeenCounts } from './seen-counts.js';
import { SeenSample } from './seen-sample.js';

const REPORT_EVERY_MS = 5_000;

/** Reports calls and open streams to registries, where there were any. A notice that is lost is not repeated. */
export class SeenCalls {
  readonly counts = new SeenCounts();
  readonly sample = new SeenSample();
  private number = 0;
  private hadStreams = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly notices: Pick<NoticePublisher, 'publish'>,
    /** Id of this replica. */
    private readonly proxy: string,
    /** The streams that are open now, by kind. */
    private readonly openStreams: () => SeenStreams[],
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.report(), REPORT_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.report();
  }

  /** Says also once that the last stream has ended. */
  private async report(nowMs = performance.now()): Promise<void> {
    const counts = this.counts.take();
    const calls = this.sample.take(nowMs);
    const streams = this.openStreams();
    const hasStreams = streams.some(({ open }) => open > 0);
    if (counts.length === 0 && !hasStreams && !this.hadStreams) return;
    this.hadStreams = hasStreams;
    this.number += 1;
    const notice = { proxy: this.proxy, number: this.number, counts, streams, calls };
    await this.notices.publish(CallsSeen, notice).catch(() => undefined);
  }
}
