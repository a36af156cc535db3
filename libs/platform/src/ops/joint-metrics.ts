import { AggregatorRegistry, type Registry } from 'prom-client';

/** The metrics of one process, as its registry's `getMetricsAsJSON` returns them. */
export type MetricValues = readonly object[];

/**
 * Adds up the metrics of several processes of one service. The last counts of a process are kept after it ends: Prometheus
 * would read a falling sum as a restart of the service and count everything twice.
 */
export class JointMetrics {
  private readonly last = new Map<number, MetricValues>();
  private ended = Promise.resolve<MetricValues>([]);

  update(process: number, values: MetricValues): void {
    this.last.set(process, values);
  }

  end(process: number): void {
    const counted = (this.last.get(process) ?? []).filter(isCounted);
    this.last.delete(process);
    this.ended = this.ended.then((before) => joined([before, counted]).getMetricsAsJSON());
  }

  /** The metrics of all processes, in the text format of Prometheus. */
  async text(own: MetricValues): Promise<string> {
    return joined([own, ...this.last.values(), await this.ended]).metrics();
  }
}

function joined(metrics: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate([...metrics]);
}

/** Types that only grow. A gauge is dropped when its process ends. */
function isCounted(metric: object): boolean {
  return 'type' in metric && (metric.type === 'counter' || metric.type === 'histogram');
}
