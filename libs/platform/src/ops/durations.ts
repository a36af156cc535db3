import { Histogram, type Registry } from 'prom-client';

/** One series of a histogram, found once and counted many times. */
export interface DurationSeries {
  observe(seconds: number): void;
}

interface Counted {
  readonly label: string;
  /** By bound; the last is of what is longer than all of them. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram with one label for what happens many thousand times a second: an observation is an addition. The library's
 * own looks labels up by their text at each of them, which costs as much as a good part of a call.
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

  /** What the registry writes its text from, and `get` its objects; the library declares it nowhere. */
  async getForPromString(): Promise<object> {
    const { title } = this;
    const values = [...this.series.values()].flatMap((counted) => this.valuesOf(counted));
    return { ...title, type: 'histogram', aggregator: 'sum', values };
  }

  /** Buckets hold what is at most their bound (Prometheus exposition format, histograms). */
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
