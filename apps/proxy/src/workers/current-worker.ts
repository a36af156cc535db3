import cluster from 'node:cluster';
import { LetheError, type Metrics, Ops, type Readiness, type ReadinessReport } from '@lethe/platform';
import { type JointReport, PendingReplies, type ToPrimary, type ToWorker, WORKER_ROLE } from './messages.js';

/** A primary that has not replied by then is stuck. */
const REPLY_TIMEOUT_MS = 5_000;

/**
 * This process as a worker, and its channel to the primary. A health probe or metrics scrape reaches any one worker, but
 * concerns all of them: the worker gets the joint report from the primary.
 */
export class CurrentWorker extends Ops {
  private readonly replies = new PendingReplies<JointReport>(REPLY_TIMEOUT_MS);
  /** Resolves when the primary requests the shutdown. Workers ignore signals: the primary handles them. */
  readonly shutdownRequested: Promise<void>;
  private own: { readiness: Readiness; metrics: Metrics } | undefined;

  private constructor(readonly number: number) {
    super();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
    this.shutdownRequested = new Promise((resolve) => {
      process.on('message', (message: ToWorker) => {
        if ('shutdown' in message) resolve();
        else if ('requestId' in message) void this.sendReport(message.requestId);
        else this.replies.resolve(message.replyTo, message.report);
      });
    });
  }

  /** Undefined in a process that is not a worker. */
  static ofThisProcess(): CurrentWorker | undefined {
    const [, , role, number] = process.argv;
    return cluster.isWorker && role === WORKER_ROLE ? new CurrentWorker(Number(number)) : undefined;
  }

  /** Only the first worker writes the route file. */
  get writesRouteFile(): boolean {
    return this.number === 1;
  }

  /** Sets what the worker reports to the primary. */
  attach(readiness: Readiness, metrics: Metrics): void {
    this.own = { readiness, metrics };
  }

  /** Reports to the primary that this worker serves requests at the URL. */
  hasStarted(url: string): void {
    send({ startedAt: url });
  }

  async report(): Promise<ReadinessReport> {
    const { isReady, checks } = await this.jointReport();
    return { isReady, checks };
  }

  async metrics(): Promise<string> {
    return (await this.jointReport()).metrics;
  }

  private async jointReport(): Promise<JointReport> {
    const report = await this.replies.request(send);
    if (!report) throw new LetheError('internal');
    return report;
  }

  private async sendReport(id: number): Promise<void> {
    if (!this.own) return;
    const { readiness, metrics } = this.own;
    const report = { ...(await readiness.report()), metrics: await metrics.registry.getMetricsAsJSON() };
    send({ replyTo: id, report });
  }
}

function send(message: ToPrimary): void {
  process.send?.(message);
}
