import { Histogram, type Registry } from 'prom-client';

/** One series of a histogram. Look it up once and observe it many times. */
export interface DurationSeries {
  observe(seconds: number): void;
}

/** What a histogram of durations is. */
export interface DurationsOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly L[];
  /** Upper bounds of buckets, seconds. */
  readonly bounds: readonly number[];
  /** Beyond this number of series, all further ones are one, with the label values `_other`. */
  readonly maxSeries?: number;
}

interface Counted {
  readonly labels: Readonly<Record<string, string>>;
  /** Counts by upper bound; the last one counts values above all bounds. */
  readonly counts: number[];
  sum: number;
}

const OTHER = '_other';

/**
 * A histogram for events that happen thousands of times a second. An observation is one addition; prom-client's own
 * histogram looks up labels by their text each time, which would be a large part of a call's cost.
 */
export class Durations<L extends string> extends Histogram<L> {
  private readonly series = new Map<string, Counted>();

  constructor(
    private readonly own: DurationsOptions<L>,
    registry: Registry,
  ) {
    const { name, help, labelNames, bounds } = own;
    super({ name, help, labelNames, buckets: [...bounds], registers: [registry] });
  }

  /** @param values of the labels, in their order; an empty one is left out, which is the same to Prometheus */
  of(...values: string[]): DurationSeries {
    const { bounds } = this.own;
    const counted = this.counted(values);
    const { counts } = counted;
    return {
      observe: (seconds) => {
        let at = 0;
        while (at < bounds.length && seconds > (bounds[at] ?? Infinity)) at += 1;
        counts[at] = (counts[at] ?? 0) + 1;
        counted.sum += seconds;
      },
    };
  }

  private counted(values: readonly string[]): Counted {
    const { labelNames, bounds, maxSeries = Infinity } = this.own;
    const key = values.join('\n');
    const known = this.series.get(key);
    if (known) return known;
    const isOther = values.every((value) => value === OTHER);
    if (this.series.size >= maxSeries && !isOther) return this.counted(labelNames.map(() => OTHER));
    const labels = labelNames.map((name, at): [string, string] => [name, values[at] ?? '']);
    const counted = {
      labels: Object.fromEntries(labels.filter(([, value]) => value !== '')),
      counts: new Array<number>(bounds.length + 1).fill(0),
      sum: 0,
    };
    this.series.set(key, counted);
    return counted;
  }

  /** prom-client's registry calls this for its text, and `get` for its objects. Its types do not declare it. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.own;
    const values = [...this.series.values()].flatMap((counted) => this.valuesOf(counted));
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }

  /** A bucket counts all values up to its bound (Prometheus exposition format, histograms). */
  private valuesOf({ labels, counts, sum }: Counted): object[] {
    const { name, bounds } = this.own;
    let count = 0;
    const buckets = counts.map((more, at) => {
      count += more;
      return {
        labels: { le: bounds[at] ?? '+Inf', ...labels },
        sharedLabels: {},
        value: count,
        metricName: `${name}_bucket`,
      };
    });
    return [
      ...buckets,
      { labels, sharedLabels: {}, value: sum, metricName: `${name}_sum` },
      { labels, sharedLabels: {}, value: count, metricName: `${name}_count` },
    ];
  }
}
