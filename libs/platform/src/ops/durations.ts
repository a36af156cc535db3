import { Histogram, type Registry } from 'prom-client';

/** One series of a histogram. Look it up once and observe it many times. */
export interface DurationSeries {
  observe(seconds: number): void;
}

interface Counted {
  readonly label: string;
  /** Counts by upper bound; the last one counts values above all bounds. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram with one label, for events that happen thousands of times a second. An observation is one addition;
 * prom-client's own histogram looks up labels by their text each time, which would be a large part of a call's cost.
 */
export class Durations<L extends string> extends Histogram<L> {
  private readonly series = new Map<string, Counted>();
  private readonly title: { readonly name: string; readonly help: string };

  constructor(
    name: string,
    help: string,
    private readonly labelName: L,
    private readonly bounds: readonly number[],
    registry: Registry,
  ) {
    super({ name, help, labelNames: [labelName], buckets: [...bounds], registers: [registry] });
    this.title = { name, help };
  }

  of(label: string): DurationSeries {
    const counted = this.series.get(label) ?? {
      label,
      counts: new Array<number>(this.bounds.length + 1).fill(0),
      sum: 0,
    };
    this.series.set(label, counted);
    const { bounds } = this;
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

  /** prom-client's registry calls this for its text, and `get` for its objects. Its types do not declare it. */
  async getForPromString(): Promise<object> {
    const { title } = this;
    const values = [...this.series.values()].flatMap((counted) => this.valuesOf(counted));
    return { ...title, type: 'histogram', aggregator: 'sum', values };
  }

  /** A bucket counts all values up to its bound (Prometheus exposition format, histograms). */
  private valuesOf({ label, counts, sum }: Counted): object[] {
    const { name } = this.title;
    const labels = { [this.labelName]: label };
    let count = 0;
    const buckets = counts.map((more, at) => {
      count += more;
      return {
        labels: { le: this.bounds[at] ?? '+Inf', ...labels },
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
