import cluster from 'node:cluster';
import { LetheError, type Metrics, Ops, type Readiness, type ReadinessReport } from '@lethe/platform';
import { type JointReport, PendingReplies, type ToPrimary, type ToWorker, WORKER_ROLE } from './messages.js';

/** A primary that does not answer by then is stuck. */
const ANSWER_LIMIT_MS = 5_000;

/**
 * One worker as it sees itself: which one it is, and its primary. A probe or a scrape comes to any of them and is answered
 * for all of them, so it asks the primary.
 */
export class CurrentWorker extends Ops {
  private readonly questions = new PendingReplies<JointReport>(ANSWER_LIMIT_MS);
  /** Resolves when the primary says that it is over; signals are the primary's, though all processes may get them. */
  readonly isOver: Promise<void>;
  private own: { readiness: Readiness; metrics: Metrics } | undefined;

  private constructor(readonly number: number) {
    super();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
    this.isOver = new Promise((resolve) => {
      process.on('message', (message: ToWorker) => {
        if ('isOver' in message) resolve();
        else if ('asks' in message) void this.answer(message.asks);
        else this.questions.answered(message.answers, message.report);
      });
    });
  }

  /** Undefined in a process that is no worker. */
  static ofThisProcess(): CurrentWorker | undefined {
    const [, , role, number] = process.argv;
    return cluster.isWorker && role === WORKER_ROLE ? new CurrentWorker(Number(number)) : undefined;
  }

  /** The file of last time has one writer. */
  get keepsRoutes(): boolean {
    return this.number === 1;
  }

  /** From now on the primary is told of these when it asks. */
  attach(readiness: Readiness, metrics: Metrics): void {
    this.own = { readiness, metrics };
  }

  hasStarted(url: string): void {
    send({ startedAt: url });
  }

  async report(): Promise<ReadinessReport> {
    const { isReady, checks } = await this.askAll();
    return { isReady, checks };
  }

  async metrics(): Promise<string> {
    return (await this.askAll()).metrics;
  }

  private async askAll(): Promise<JointReport> {
    const report = await this.questions.ask(send);
    if (!report) throw new LetheError('internal');
    return report;
  }

  private async answer(id: number): Promise<void> {
    if (!this.own) return;
    const { readiness, metrics } = this.own;
    const report = { ...(await readiness.report()), metrics: await metrics.registry.getMetricsAsJSON() };
    send({ answers: id, report });
  }
}

function send(message: ToPrimary): void {
  process.send?.(message);
}
