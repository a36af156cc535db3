import type { MetricValues, ReadinessReport } from '@lethe/platform';

/** First argument of a worker's process; the second is its number. */
export const WORKER_ROLE = 'worker';

/** What a worker says of itself when the primary asks. */
export interface WorkerReport extends ReadinessReport {
  readonly metrics: MetricValues;
}

/** What the primary says of all workers when one asks on somebody's behalf. */
export interface JointReport extends ReadinessReport {
  /** In the text format of Prometheus. */
  readonly metrics: string;
}

/** A worker has started (and serves this URL), asks for the joint report, or answers with its own. */
export type ToPrimary = { startedAt: string } | { asks: number } | { answers: number; report: WorkerReport };

/** The primary asks a worker for its report, answers with the joint one, or says that it is over. */
export type ToWorker = { isOver: true } | { asks: number } | { answers: number; report: JointReport };

/** Questions over a channel of messages, waiting for their answers. */
export class PendingReplies<Answer> {
  private readonly waiting = new Map<number, (answer: Answer | undefined) => void>();
  private asked = 0;

  constructor(private readonly limitMs: number) {}

  /** Undefined when nobody answered in time. */
  async ask(send: (question: { asks: number }) => void): Promise<Answer | undefined> {
    const id = ++this.asked;
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const late = setTimeout(() => resolve(undefined), this.limitMs);
    this.waiting.set(id, resolve);
    send({ asks: id });
    const answer = await promise;
    clearTimeout(late);
    this.waiting.delete(id);
    return answer;
  }

  answered(id: number, answer: Answer): void {
    this.waiting.get(id)?.(answer);
  }
}
