import { type Aggregator, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Durations, type DurationsOptions } from './durations.js';

/** Bounds of buckets, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** By default, the buckets are those of every other histogram. */
type DurationsDraft<L extends string> = Omit<DurationsOptions<L>, 'bounds'> & { readonly bounds?: readonly number[] };

/** The metrics of one application. Label values are identifiers and closed codes, never text from a request. */
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param collect called before each reading, for counts that are kept elsewhere until then */
  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: () => void,
  ): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry], ...(collect && { collect }) });
  }

  /** @param aggregator how several processes of one service are combined */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    aggregator: Aggregator = 'sum',
  ): Gauge<L> {
    return new Gauge({ name, help, labelNames, aggregator, registers: [this.registry] });
  }

  /** A gauge whose values are asked for at each reading. */
  askedGauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    aggregator: Aggregator,
    ask: (gauge: Gauge<L>) => Promise<void>,
  ): void {
    const collect = (): Promise<void> => ask(gauge);
    const gauge: Gauge<L> = new Gauge({ name, help, labelNames, aggregator, registers: [this.registry], collect });
  }

  /** `buckets` are in the unit in the metric's name, by default seconds. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: number[] = SECONDS,
  ): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** A histogram of seconds for very frequent events. */
  durations<L extends string>({ bounds = SECONDS, ...options }: DurationsDraft<L>): Durations<L> {
    return new Durations({ ...options, bounds }, this.registry);
  }
}
