import { AggregatorRegistry, type Registry } from 'prom-client';

/** The metrics of one process, as its registry's `getMetricsAsJSON` tells them. */
export type MetricValues = readonly object[];

/**
 * The metrics of several processes of one service. What a process had counted when it was last heard stays counted after
 * its end: a sum that fell would be read as a restart of the whole service, and all of it counted once more.
 */
export class JointMetrics {
  private readonly last = new Map<number, MetricValues>();
  private ended = Promise.resolve<MetricValues>([]);

  hear(process: number, values: MetricValues): void {
    this.last.set(process, values);
  }

  end(process: number): void {
    const counted = (this.last.get(process) ?? []).filter(isCounted);
    this.last.delete(process);
    this.ended = this.ended.then((before) => joined([before, counted]).getMetricsAsJSON());
  }

  /** Of all of them, in the text format of Prometheus. */
  async text(own: MetricValues): Promise<string> {
    return joined([own, ...this.last.values(), await this.ended]).metrics();
  }
}

function joined(metrics: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate([...metrics]);
}

/** What only grows; a gauge ends with its process. */
function isCounted(metric: object): boolean {
  return 'type' in metric && (metric.type === 'counter' || metric.type === 'histogram');
}
