import cluster from 'node:cluster';
import { createLogger, JointMetrics, Metrics, type RunningService, type Settings, StartError } from '@lethe/platform';
import type { JointReport, WorkerReport } from './messages.js';
import { WorkerSlot, type WorkerObserver } from './worker-slot.js';

/**
 * Serves one port by several processes (docs/adr/0012-workers-of-one-proxy.md). This one, the primary, takes connections
 * and hands each to the next worker; it reads no byte of them, holds no key and has no bus.
 * @throws StartError when a worker ends before all have started; its own line says why
 */
export async function startWorkers(settings: Settings): Promise<RunningService> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const workers = new Workers(settings);
  return { url: await workers.start(), close: () => workers.close() };
}

class Workers implements WorkerObserver {
  private readonly own = new Metrics();
  private readonly joint = new JointMetrics();
  private readonly ends = this.own.counter('lethe_proxy_workers_ended_total', 'Workers that ended unasked');
  private readonly slots: readonly WorkerSlot[];
  private readonly starting: Set<number>;
  private readonly begun = Promise.withResolvers<string>();
  private isClosing = false;

  constructor({ proxyWorkers, logLevel }: Settings) {
    const logger = createLogger('proxy', logLevel);
    const numbers = Array.from({ length: proxyWorkers }, (_, index) => index + 1);
    this.slots = numbers.map((number) => new WorkerSlot(number, this, logger));
    this.starting = new Set(numbers);
  }

  /** The first one alone until it listens: what is wrong with the settings or the port is then said once. */
  start(): Promise<string> {
    const [first, ...others] = this.slots;
    cluster.once('listening', () => others.forEach((slot) => slot.fill()));
    first?.fill();
    return this.begun.promise;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.slots.map((slot) => slot.close()));
  }

  started(slot: number, url: string): void {
    this.starting.delete(slot);
    if (this.starting.size === 0) this.begun.resolve(url);
  }

  ended(slot: number): void {
    this.joint.end(slot);
    if (this.isClosing) return;
    this.ends.inc();
    if (this.starting.size > 0) this.begun.reject(new StartError('PROXY_WORKERS: a worker could not start'));
  }

  async jointReport(): Promise<JointReport> {
    const reports = await Promise.all(this.slots.map((slot) => this.reportOf(slot)));
    const checks: Record<string, boolean> = {};
    for (const [name, holds] of reports.flatMap((report) => Object.entries(report?.checks ?? {})))
      checks[name] = holds && checks[name] !== false;
    checks['workers'] = reports.every((report) => report !== undefined);
    return {
      isReady: Object.values(checks).every(Boolean),
      checks,
      metrics: await this.joint.text(await this.own.registry.getMetricsAsJSON()),
    };
  }

  /** Who does not answer counts with what it had counted when it was last heard. */
  private async reportOf(slot: WorkerSlot): Promise<WorkerReport | undefined> {
    const report = await slot.report();
    if (report) this.joint.hear(slot.number, report.metrics);
    return report;
  }
}
