import type { MetricValues, ReadinessReport } from '@lethe/platform';

/** First argument of a worker process; the second is the worker's number. */
export const WORKER_ROLE = 'worker';

/** A worker's report about itself. */
export interface WorkerReport extends ReadinessReport {
  readonly metrics: MetricValues;
}

/** The primary's report about all workers. */
export interface JointReport extends ReadinessReport {
  /** In the Prometheus text format. */
  readonly metrics: string;
}

/** A worker has started and serves this URL; it requests the joint report; or it replies with its own report. */
export type ToPrimary = { startedAt: string } | { requestId: number } | { replyTo: number; report: WorkerReport };

/** The primary requests a worker's report, replies with the joint report, or requests the worker's shutdown. */
export type ToWorker = { shutdown: true } | { requestId: number } | { replyTo: number; report: JointReport };

/** Requests over a message channel that wait for their replies. */
export class PendingReplies<Reply> {
  private readonly pending = new Map<number, (reply: Reply | undefined) => void>();
  private lastId = 0;

  constructor(private readonly timeoutMs: number) {}

  /** Sends a request and waits for the reply; undefined if none arrived in time. */
  async request(send: (request: { requestId: number }) => void): Promise<Reply | undefined> {
    const id = ++this.lastId;
    const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
    const timer = setTimeout(() => resolve(undefined), this.timeoutMs);
    this.pending.set(id, resolve);
    send({ requestId: id });
    const reply = await promise;
    clearTimeout(timer);
    this.pending.delete(id);
    return reply;
  }

  resolve(id: number, reply: Reply): void {
    this.pending.get(id)?.(reply);
  }
}
