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

/** A worker that has not replied by then counts as not ready. */
const REPLY_TIMEOUT_MS = 1_000;

/** Gets the events of a slot's worker. */
export interface WorkerObserver {
  started(slot: number, url: string): void;
  ended(slot: number): void;
  /** The report about all workers, which a slot's worker has requested. */
  jointReport(): Promise<JointReport>;
}

/** The slot of one worker: when its process ends, the slot starts another. */
export class WorkerSlot {
  private readonly replies = new PendingReplies<WorkerReport>(REPLY_TIMEOUT_MS);
  private readonly backOff = new BackOff();
  private worker: Worker | undefined;
  private restartTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    readonly number: number,
    private readonly observer: WorkerObserver,
    private readonly logger: Logger,
  ) {}

  start(): void {
    cluster.setupPrimary({ args: [WORKER_ROLE, String(this.number)] });
    const worker = cluster.fork();
    const startedAt = performance.now();
    this.worker = worker;
    this.logger.info({ worker: this.number, pid: worker.process.pid }, 'Worker started');
    // A message to a process that is ending fails; the exit event follows.
    worker.on('error', () => undefined);
    worker.on('message', (message: ToPrimary) => this.onMessage(worker, message));
    worker.once('exit', (code, signal) =>
      this.ended({ pid: worker.process.pid, code, signal }, performance.now() - startedAt),
    );
  }

  /** Undefined when no worker runs, or when it is stuck. */
  async report(): Promise<WorkerReport | undefined> {
    const { worker } = this;
    return worker && this.replies.request((request) => send(worker, request));
  }

  /** Shuts the worker down gracefully and starts no other. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.restartTimer);
    if (!this.worker) return;
    const { worker } = this;
    // Not `once` of node:events: it would reject when a message to an ending process fails.
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    send(worker, { shutdown: true });
    await exited;
  }

  private onMessage(worker: Worker, message: ToPrimary): void {
    if ('startedAt' in message) return this.observer.started(this.number, message.startedAt);
    if ('replyTo' in message) return this.replies.resolve(message.replyTo, message.report);
    void this.observer.jointReport().then((report) => send(worker, { replyTo: message.requestId, report }));
  }

  private ended(facts: object, ranMs: number): void {
    this.worker = undefined;
    this.observer.ended(this.number);
    if (this.isClosed) return;
    this.logger.error({ worker: this.number, ...facts }, 'Worker ended');
    this.restartTimer = setTimeout(() => this.start(), this.backOff.afterRunning(ranMs));
  }
}

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}
