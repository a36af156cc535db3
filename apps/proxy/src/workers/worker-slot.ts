import cluster, { type Worker } from 'node:cluster';
import type { Logger } from '@lethe/platform';
import { BackOff } from './back-off.js';
import {
  type JointReport,
  PendingReplies,
  type ToPrimary,
  type ToWorker,
  WORKER_ROLE,
  type WorkerReport,
} from './messages.js';

/** Who has not answered by then counts as not ready. */
const ANSWER_LIMIT_MS = 1_000;

/** Whom a seat tells of its worker. */
export interface WorkerObserver {
  started(slot: number, url: string): void;
  ended(slot: number): void;
  /** Its worker wants to know of all of them. */
  jointReport(): Promise<JointReport>;
}

/** One of the workers, whichever process it is: when that ends, the next one takes its seat. */
export class WorkerSlot {
  private readonly questions = new PendingReplies<WorkerReport>(ANSWER_LIMIT_MS);
  private readonly backOff = new BackOff();
  private worker: Worker | undefined;
  private refill: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    readonly number: number,
    private readonly watcher: WorkerObserver,
    private readonly logger: Logger,
  ) {}

  fill(): void {
    cluster.setupPrimary({ args: [WORKER_ROLE, String(this.number)] });
    const worker = cluster.fork();
    const startedAt = performance.now();
    this.worker = worker;
    this.logger.info({ worker: this.number, pid: worker.process.pid }, 'Worker started');
    // A message to a process that is just ending; its exit says so.
    worker.on('error', () => undefined);
    worker.on('message', (message: ToPrimary) => this.onMessage(worker, message));
    worker.once('exit', (code, signal) =>
      this.ended({ pid: worker.process.pid, code, signal }, performance.now() - startedAt),
    );
  }

  /** Undefined when nobody sits here now, or its worker is stuck. */
  async report(): Promise<WorkerReport | undefined> {
    const { worker } = this;
    return worker && this.questions.ask((question) => send(worker, question));
  }

  /** The worker ends in its own time, and nobody follows. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.refill);
    if (!this.worker) return;
    const { worker } = this;
    // Not by `once` of node:events: a message to a process that is just ending would fail it.
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    send(worker, { isOver: true });
    await exited;
  }

  private onMessage(worker: Worker, message: ToPrimary): void {
    if ('startedAt' in message) return this.watcher.started(this.number, message.startedAt);
    if ('answers' in message) return this.questions.answered(message.answers, message.report);
    void this.watcher.jointReport().then((report) => send(worker, { answers: message.asks, report }));
  }

  private ended(facts: object, ranMs: number): void {
    this.worker = undefined;
    this.watcher.ended(this.number);
    if (this.isClosed) return;
    this.logger.error({ worker: this.number, ...facts }, 'Worker ended');
    this.refill = setTimeout(() => this.fill(), this.backOff.afterRunning(ranMs));
  }
}

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}
