import cluster from 'node:cluster';
import {
  createLogger,
  JointMetrics,
  Metrics,
  type OnServing,
  type RunningService,
  type Settings,
  StartError,
} from '@lethe/platform';
import type { JointReport, WorkerReport } from './messages.js';
import { WorkerSlot, type WorkerObserver } from './worker-slot.js';

/**
 * Serves one port with several processes (docs/adr/0012-workers-of-one-proxy.md). This process, the primary, accepts
 * connections and passes each to the next worker. It reads nothing from them, and has no keys and no bus connection.
 * @param onServing called before the first worker serves; each worker knows whether it has to end in order
 * @throws StartError when a worker ends before all have started; the worker's own log says why
 */
export async function startWorkers(settings: Settings, onServing: OnServing): Promise<RunningService> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const supervisor = new Supervisor(settings);
  const close = (): Promise<void> => supervisor.close();
  onServing({ url: '', close });
  return { url: await supervisor.start(), close };
}

/** Starts and watches the workers; has the metrics that none of them can have. */
export class Supervisor implements WorkerObserver {
  private readonly own = new Metrics();
  private readonly joint = new JointMetrics();
  private readonly ends = this.own.counter('lethe_proxy_workers_ended_total', 'Workers that ended unexpectedly');
  private readonly slots: readonly WorkerSlot[];
  private readonly starting: Set<number>;
  private readonly allStarted = Promise.withResolvers<string>();
  private isClosing = false;

  constructor({ proxyWorkers, logLevel }: Settings) {
    const logger = createLogger('proxy', logLevel);
    const numbers = Array.from({ length: proxyWorkers }, (_, index) => index + 1);
    this.slots = numbers.map((number) => new WorkerSlot(number, this, logger));
    this.starting = new Set(numbers);
  }

  /** Starts the first worker alone until it listens, so that a wrong setting or port is reported only once. */
  start(): Promise<string> {
    const [first, ...others] = this.slots;
    cluster.once('listening', () => {
      if (!this.isClosing) others.forEach((slot) => slot.start());
    });
    first?.start();
    return this.allStarted.promise;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.slots.map((slot) => slot.close()));
  }

  started(slot: number, url: string): void {
    this.starting.delete(slot);
    if (this.starting.size === 0) this.allStarted.resolve(url);
  }

  ended(slot: number): void {
    this.joint.end(slot);
    if (this.isClosing) return;
    this.ends.inc();
    if (this.starting.size > 0) this.allStarted.reject(new StartError('PROXY_WORKERS: a worker could not start'));
  }

  async jointReport(): Promise<JointReport> {
    const reports = await Promise.all(this.slots.map((slot) => this.reportOf(slot)));
    const checks: Record<string, boolean> = {};
    for (const [name, passed] of reports.flatMap((report) => Object.entries(report?.checks ?? {})))
      checks[name] = passed && checks[name] !== false;
    checks['workers'] = reports.every((report) => report !== undefined);
    return {
      isReady: Object.values(checks).every(Boolean),
      checks,
      metrics: await this.joint.text(await this.own.registry.getMetricsAsJSON()),
    };
  }

  /** A worker that does not reply still counts with its last reported metrics. */
  private async reportOf(slot: WorkerSlot): Promise<WorkerReport | undefined> {
    const report = await slot.report();
    if (report) this.joint.update(slot.number, report.metrics);
    return report;
  }
}
